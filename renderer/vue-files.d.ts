/** Files that only the bundler understands: style sheets for their effect, components for linters. */
declare module '*.css';
declare module '*.vue' {
  import type { Component } from 'vue';

  const component: Component;
  export default component;
}
