/** The kernel designs, oldest first. */
import { linux517 } from '../linux-5-17.js';
import { linux518 } from '../linux-5-18.js';
import { linux61 } from '../linux-6-1.js';
import { linux66 } from '../linux-6-6.js';
import { linux612 } from '../linux-6-12.js';
import { linux615 } from '../linux-6-15.js';
import { linux617 } from '../linux-6-17.js';
import { linux619 } from '../linux-6-19.js';
import { linux72 } from '../linux-7-2.js';
import { linux73 } from '../linux-7-3.js';
import type { AllocatorDesign } from '../../allocator-design.js';

export const linuxDesigns: readonly AllocatorDesign[] = [
  linux517,
  linux518,
  linux61,
  linux66,
  linux612,
  linux615,
  linux617,
  linux619,
  linux72,
  linux73,
];
