/** Channel names, shared by main and preload. Pure, because the preload is bundled on its own. */
import type { LabApiMethod } from '../src/contract/lab-api.js';

export const EVENT_CHANNEL = 'lab:event';
export const callChannel = (method: LabApiMethod): string => `lab:${method}`;
