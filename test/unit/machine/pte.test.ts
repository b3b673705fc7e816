import { describe, expect, it } from 'vitest';
import {
  changedFlags,
  PAGE_KERNEL,
  PAGE_KERNEL_RO,
  PAGE_KERNEL_ROX,
  PTE_DIRTY,
  PTE_EXECUTABLE,
  PTE_GLOBAL,
  PTE_PRESENT,
  PTE_WRITABLE,
  pteValue,
} from '../../../src/machine/pte.js';

const hex = (value: bigint): string => `0x${value.toString(16)}`;

describe('entries', () => {
  it.each([
    ['PAGE_KERNEL', PAGE_KERNEL, 1, '0x8000000000000163'],
    ['PAGE_KERNEL_EXEC', PAGE_KERNEL + PTE_EXECUTABLE, 1, '0x163'],
    ['PAGE_KERNEL_RO', PAGE_KERNEL_RO, 1, '0x8000000000000121'],
    ['PAGE_KERNEL_ROX', PAGE_KERNEL_ROX, 1, '0x121'],
    ['large PAGE_KERNEL', PAGE_KERNEL, 2, '0x80000000000001e3'],
    ['large EXEC', PAGE_KERNEL + PTE_EXECUTABLE, 3, '0x1e3'],
  ] as const)('of %s have the kernel value', (_name, flags, level, value) => {
    expect(hex(pteValue(flags, 0, level))).toBe(value);
  });

  it('hold the frame above the flags', () => {
    expect(hex(pteValue(PAGE_KERNEL_ROX, 0x140230, 1))).toBe('0x140230121');
  });

  it('have no PSE bit when a large leaf is not present', () => {
    const flags = changedFlags(PAGE_KERNEL, 0, PTE_PRESENT | PTE_WRITABLE);
    expect(hex(pteValue(flags, 0, 2))).toBe('0x8000000000000060');
  });
});

describe('attribute changes', () => {
  it('take Global with Present and do not bring it back', () => {
    const gone = changedFlags(PAGE_KERNEL, 0, PTE_PRESENT | PTE_WRITABLE | PTE_DIRTY);
    expect(gone & PTE_GLOBAL).toBe(0);
    const back = changedFlags(gone, PTE_PRESENT | PTE_WRITABLE, 0);
    expect(hex(pteValue(back, 0, 1))).toBe('0x8000000000000023');
  });

  it('leave other flags alone', () => {
    expect(changedFlags(PAGE_KERNEL, PTE_EXECUTABLE, PTE_WRITABLE | PTE_DIRTY)).toBe(
      PAGE_KERNEL_ROX,
    );
  });
});
