/** Hover from the language service. Its Markdown is small: paragraphs, lists, `code` and **bold**. */
import { hoverTooltip } from '@codemirror/view';
import type { Extension } from '@codemirror/state';
import type { AskLanguage } from './language-client.js';

export function hoverSource(ask: AskLanguage): Extension {
  return hoverTooltip(async (view, offset) => {
    const answer = await ask(view.state.doc.toString(), { kind: 'hover', offset });
    if (answer?.kind !== 'hover') return null;
    const length = view.state.doc.length;
    return {
      pos: Math.min(answer.span.start, length),
      end: Math.min(answer.span.end, length),
      above: true,
      create: () => ({ dom: markdownElement(answer.text) }),
    };
  });
}

/** Markdown as elements. Text only ever becomes text: nothing in it is taken for markup of the page. */
export function markdownElement(text: string): HTMLElement {
  const root = document.createElement('div');
  root.className = 'cm-hover';
  for (const block of text.split(/\n{2,}/)) {
    const fence = /^```\w*\n([\s\S]*?)\n?```$/.exec(block.trim());
    if (fence !== null) {
      const pre = document.createElement('pre');
      pre.textContent = fence[1] ?? '';
      root.append(pre);
      continue;
    }
    const paragraph = document.createElement('p');
    block.split('\n').forEach((line, i) => {
      if (i > 0) paragraph.append(document.createElement('br'));
      appendInline(paragraph, line.replace(/^#+ /, ''));
    });
    root.append(paragraph);
  }
  return root;
}

function appendInline(parent: HTMLElement, line: string): void {
  for (const part of line.split(/(`[^`]+`|\*\*[^*]+\*\*)/)) {
    if (part === '') continue;
    const isCode = part.startsWith('`') && part.endsWith('`') && part.length > 2;
    const isBold = part.startsWith('**') && part.endsWith('**') && part.length > 4;
    if (!isCode && !isBold) {
      parent.append(part);
      continue;
    }
    const element = document.createElement(isCode ? 'code' : 'strong');
    element.textContent = isCode ? part.slice(1, -1) : part.slice(2, -2);
    parent.append(element);
  }
}
