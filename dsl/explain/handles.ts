/** Pages on allocations and their names: X0301 to X0304. */
import { page, type ExplainPage } from './page.js';

export const HANDLE_PAGES: readonly ExplainPage[] = [
  page(
    'X0301',
    'The allocation that this name stands for has been released on every path that leads here. ' +
      'A kernel would have used memory after it was freed.',
    'phase steady for 10s {\n  let m = load bpf size 1KiB\n  free m\n  poke m\n}',
    'phase steady for 10s {\n  let m = load bpf size 1KiB\n  poke m\n  free m\n}',
  ),
  page(
    'X0302',
    'unload, detach and unregister release an allocation and check its kind: unload takes a ' +
      'module, detach a BPF program or a trampoline, unregister a kprobe. free takes everything.',
    'phase steady for 10s {\n  let t = create trampoline size 128B\n  unload t\n}',
    'phase steady for 10s {\n  let t = create trampoline size 128B\n  detach t\n}',
  ),
  page(
    'X0303',
    'What goes neither into a pool nor into a let needs a lifetime, or nothing can ever release ' +
      'it. Put it into a pool where it may stay until the end.',
    'phase steady for 10s { load bpf size 1KiB }',
    'phase steady for 10s { load bpf size 1KiB lifetime 5s }',
  ),
  page(
    'X0304',
    'let names an allocation for the rest of its block. Another block, or a later one, does not ' +
      'see the name; a pool outlives blocks.',
    'phase steady for 10s {\n  repeat 2 { let m = load bpf size 1KiB lifetime 1s }\n  poke m\n}',
    'phase steady for 10s {\n  repeat 2 { let m = load bpf size 1KiB lifetime 1s; poke m }\n}',
  ),
];
