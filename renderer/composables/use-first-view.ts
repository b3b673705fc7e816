/** Whether the window has shown what it opens with; see stores/first-view.ts. */
import { ref } from 'vue';
import type { Ref } from 'vue';
import { firstView } from '../stores/first-view.js';

const isShown = ref(false);
void firstView.then(() => {
  isShown.value = true;
});

/** False until the first view is on screen, then true for good. */
export const useFirstView = (): Readonly<Ref<boolean>> => isShown;
