/**
 * What an area of the module range holds, from the function that asked for it: the caller column of
 * /proc/vmallocinfo, or the innermost function of a stack that is no allocator. Names are those of the
 * kernels from 5.15 on; a release may inline one function into the next, so each use has several.
 */

export type AreaUse =
  | 'module'
  | 'bpf'
  | 'bpf_pack'
  | 'rox_cache'
  | 'ftrace'
  | 'bpf_trampoline'
  | 'kprobe_page'
  | 'lazy'
  | 'unknown';

/** First match counts. */
const CALLERS: readonly (readonly [RegExp, AreaUse])[] = [
  [
    /^(?:load_module|move_module|layout_and_allocate|module_memory_alloc|execmem_alloc_rw)$/,
    'module',
  ],
  [/^(?:bpf_prog_pack_alloc|alloc_new_pack)$/, 'bpf_pack'],
  [/^(?:arch_ftrace_update_trampoline|create_trampoline|alloc_tramp)$/, 'ftrace'],
  [
    /^(?:__)?(?:bpf_trampoline_\w+|arch_alloc_bpf_trampoline|bpf_dispatcher_\w+|bpf_image_\w+)$/,
    'bpf_trampoline',
  ],
  [/^(?:alloc_insn_page|alloc_optinsn_page|__get_insn_slot|__get_optinsn_slot)$/, 'kprobe_page'],
  [/^(?:bpf_jit_binary\w*alloc|bpf_jit_alloc_exec\w*|bpf_int_jit_compile)$/, 'bpf'],
  [/^(?:execmem_cache_\w+|execmem_alloc)$/, 'rox_cache'],
  [/^unpurged$/, 'lazy'],
];

/** Functions between the event and whoever asked. */
const ALLOCATORS =
  /^(?:alloc_vmap_area|__get_vm_area_node|get_vm_area_caller|__vmalloc_\w+|vmalloc_\w+|__vmalloc|module_alloc|execmem_vmalloc|execmem_alloc|execmem_alloc_rw|execmem_cache_\w+|trace_event_\w+|bpf_\w*trace\w*|bpf_prog_[0-9a-f]{16}\w*|perf_trace_\w+)$/;

/** `load_module+0xbb7/0x21a0 [ext4]` is `load_module`. */
export const functionOf = (text: string): string => /^[\w.]+/.exec(text.trim())?.[0] ?? '';

const withoutSuffix = (name: string): string =>
  name.replace(/\.(?:isra|part|constprop|cold)\b.*$/, '');

export function areaUseOf(caller: string): AreaUse {
  const name = withoutSuffix(functionOf(caller));
  return CALLERS.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown';
}

/**
 * Who asked, of a stack with the innermost function first: the first that is no allocator, or the
 * outermost execmem function when nothing else is there.
 */
export function callerOfStack(stack: readonly string[]): string {
  const names = stack.map((line) => withoutSuffix(functionOf(line))).filter((name) => name !== '');
  const cached = names.some((name) => name.startsWith('execmem_cache_populate'));
  if (cached) return 'execmem_cache_populate';
  return names.find((name) => !ALLOCATORS.test(name)) ?? names.at(-1) ?? '';
}
