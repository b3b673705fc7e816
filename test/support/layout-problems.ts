/**
 * What a look at a picture would find, by measure: text that is cut off, controls outside the window,
 * controls that lie over each other, charts whose plots are too low to read. Text that may be cut says so with an ellipsis; text in a scrolling
 * pane may be scrolled to.
 */
import type { Page } from 'playwright-core';

export function layoutProblems(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const problems: string[] = [];
    const nameOf = (element: Element): string => {
      const text = (element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 30);
      return `${element.tagName.toLowerCase()}.${element.className.split(' ')[0] ?? ''} '${text}'`;
    };
    const scrolls = (element: Element): boolean => {
      for (let at: Element | null = element.parentElement; at !== null; at = at.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(at);
        if (/auto|scroll/.test(overflowX + overflowY)) return true;
      }
      return false;
    };
    const shown = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      element.closest('.hidden-text, .cm-editor, [aria-hidden=true]') === null;
    const controls = [...document.querySelectorAll('button, select, input, [role=slider]')].filter(
      shown,
    );
    for (const control of controls) {
      const box = control.getBoundingClientRect();
      if (box.width === 0) continue;
      const outside =
        box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
      if (outside && !scrolls(control)) problems.push(`outside the window: ${nameOf(control)}`);
      const target = control.closest('label')?.getBoundingClientRect() ?? box;
      if (Math.max(box.height, target.height) < 23.5)
        problems.push(`lower than 24 px: ${nameOf(control)}`);
      if (control.scrollWidth > control.clientWidth + 1 && control.tagName === 'BUTTON') {
        if (getComputedStyle(control).textOverflow !== 'ellipsis') {
          problems.push(`text is cut: ${nameOf(control)}`);
        }
      }
    }
    for (const a of controls) {
      for (const b of controls) {
        if (a === b || a.contains(b) || b.contains(a)) continue;
        if (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_PRECEDING) continue;
        if (a.closest('[role=dialog], [role=menu]') !== b.closest('[role=dialog], [role=menu]')) {
          continue;
        }
        if (scrolls(a) || scrolls(b)) continue;
        const p = a.getBoundingClientRect();
        const q = b.getBoundingClientRect();
        const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (wide > 1 && high > 1) problems.push(`overlap: ${nameOf(a)} and ${nameOf(b)}`);
      }
    }
    for (const plot of document.querySelectorAll('[data-testid=chart-notes]')) {
      const { height } = plot.getBoundingClientRect();
      if (height < 119.5) problems.push(`plot of ${String(Math.round(height))} px height`);
    }
    const root = document.documentElement;
    const beyond = (element: Element): boolean => {
      const box = element.getBoundingClientRect();
      return !scrolls(element) && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1);
    };
    if (root.scrollWidth > innerWidth + 1 || root.scrollHeight > innerHeight + 1) {
      const names = [...document.querySelectorAll('body *')].filter(beyond).map(nameOf);
      problems.push(`the page is larger than the window: ${names.slice(0, 5).join('; ')}`);
    }
    return problems;
  });
}
