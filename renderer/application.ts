/** The application in its page. */
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import type { OpenedLab } from './bridge/opened-lab.js';

export function mountApplication(opened: OpenedLab): void {
  createApp(App, { opened }).use(createPinia()).mount('#app');
}
