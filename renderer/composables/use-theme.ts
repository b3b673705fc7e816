/** The theme in force: the chosen one, or the system's. Puts it on the page's root element. */
import { usePreferredContrast, usePreferredDark } from '@vueuse/core';
import { computed, watchEffect } from 'vue';
import type { ComputedRef } from 'vue';
import type { ChartTheme } from '../../src/export/chart-palette.js';
import { useViewStore } from '../stores/view.js';

export function useTheme(): ComputedRef<ChartTheme> {
  const view = useViewStore();
  const dark = usePreferredDark();
  const contrast = usePreferredContrast();
  return computed(() => {
    if (view.theme !== 'system') return view.theme;
    if (contrast.value === 'more') return 'contrast';
    return dark.value ? 'dark' : 'light';
  });
}

/** Keeps the root element in step with the theme. Call once. */
export function useThemeOnPage(): void {
  const theme = useTheme();
  watchEffect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    document.documentElement.style.colorScheme = theme.value === 'light' ? 'light' : 'dark';
  });
}
