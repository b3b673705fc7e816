/**
 * The kernel image in physical memory and the 2M pages that its boot-time attribute changes split:
 * in the high map (0xffffffff80000000, one 2M leaf each) and in the direct map, its alias. Sections
 * stand in link order: text, rodata, data, init, SMP alternatives list, bss with the interrupt
 * descriptor table first. Follows kernel/vmlinux.lds.S, mark_rodata_ro, free_initmem and
 * free_kernel_image_pages.
 */
import { KIB, MIB, PAGE_SIZE_BYTES, PMD_SIZE_BYTES, roundDown, roundUp } from '../base/units.js';
import type { FrameRange } from './ram-layout.js';

/** Physical addresses in bytes; text, rodata and data start 2M-aligned. */
export interface KernelImage {
  readonly textStart: number;
  readonly textEnd: number;
  readonly rodataStart: number;
  readonly rodataEnd: number;
  readonly dataStart: number;
  readonly initStart: number;
  readonly initEnd: number;
  /** First byte of the SMP alternatives list. */
  readonly smpLocksStart: number;
  /** Page of the interrupt descriptor table. */
  readonly interruptTable: number;
  /** End of bss and brk. */
  readonly imageEnd: number;
}

export interface ImageSplits {
  /** First frames of the 2M pages of the high map that split, ascending. */
  readonly highMap: readonly number[];
  /** First frames of the 2M pages of the direct map that split, ascending. */
  readonly directMap: readonly number[];
  /** Text and rodata, made read-only in 2M steps: no 1G leaf survives here. */
  readonly coveredPfn: FrameRange;
}

const IMAGE_START_BYTES = 16 * MIB;
/** Sizes of a distribution kernel's other sections against its text (18.04 MiB). */
const RODATA_SHARE = 0.557;
const DATA_SHARE = 0.417;
const INIT_SHARE = 0.205;
const BSS_SHARE = 0.25;
const SMP_LOCKS_BYTES = 48 * KIB;

/** Image with `textBytes` of text, loaded at 16 MiB as without KASLR. */
export function kernelImageOf(textBytes: number): KernelImage {
  const pages = (bytes: number): number => roundUp(Math.ceil(bytes), PAGE_SIZE_BYTES);
  const textEnd = IMAGE_START_BYTES + textBytes;
  const rodataStart = roundUp(textEnd, PMD_SIZE_BYTES);
  const rodataEnd = rodataStart + pages(textBytes * RODATA_SHARE);
  const dataStart = roundUp(rodataEnd, PMD_SIZE_BYTES);
  const initStart = dataStart + pages(textBytes * DATA_SHARE);
  const initEnd = initStart + pages(textBytes * INIT_SHARE);
  const interruptTable = initEnd + SMP_LOCKS_BYTES;
  return {
    textStart: IMAGE_START_BYTES,
    textEnd,
    rodataStart,
    rodataEnd,
    dataStart,
    initStart,
    initEnd,
    smpLocksStart: initEnd,
    interruptTable,
    imageEnd: interruptTable + pages(textBytes * BSS_SHARE),
  };
}

/** First frame of the 2M page that holds the address. */
const regionOf = (address: number): number => roundDown(address, PMD_SIZE_BYTES) / PAGE_SIZE_BYTES;

/** Which 2M pages split between the first attribute change and the start of init. */
export function imageSplits(image: KernelImage): ImageSplits {
  const partly = (address: number): readonly number[] =>
    address % PMD_SIZE_BYTES === 0 ? [] : [regionOf(address)];
  const gaps = [...partly(image.textEnd), ...partly(image.rodataEnd)];
  const idt = regionOf(image.interruptTable);
  const highMap = new Set([
    idt,
    regionOf(image.smpLocksStart),
    ...partly(image.initStart),
    ...partly(image.initEnd),
    ...gaps,
  ]);
  const ascending = (set: ReadonlySet<number>): readonly number[] => [...set].sort((a, b) => a - b);
  return {
    highMap: ascending(highMap),
    directMap: ascending(new Set([idt, ...gaps])),
    coveredPfn: {
      startPfn: image.textStart / PAGE_SIZE_BYTES,
      endPfn: roundUp(image.rodataEnd, PMD_SIZE_BYTES) / PAGE_SIZE_BYTES,
    },
  };
}
