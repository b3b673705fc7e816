/**
 * Collects what is wrong with a recording: one diagnostic a finding, with file and line, up to a
 * bound; the rest is counted. Import diagnostics carry no span (the language adds its own).
 */
import type { Diagnostic, Severity } from '../contract/diagnostic.js';
import { RECORDING_LIMITS } from './limits.js';

export class Findings {
  private readonly list: Diagnostic[] = [];
  private hidden = 0;
  private errors = 0;

  constructor(private readonly source: string) {}

  /** `line` 0: the file as a whole. */
  error(file: string, line: number, message: string, help?: string): void {
    this.errors += 1;
    this.add('error', file, line, message, help);
  }

  warn(file: string, line: number, message: string, help?: string): void {
    this.add('warning', file, line, message, help);
  }

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  /** All findings in order, the uncounted rest as a last one. */
  diagnostics(): readonly Diagnostic[] {
    if (this.hidden === 0) return this.list;
    return [
      ...this.list,
      {
        code: 'X0701',
        severity: this.errors > 0 ? 'error' : 'warning',
        message: `${String(this.hidden)} more findings in this recording`,
        source: this.source,
      },
    ];
  }

  private add(severity: Severity, file: string, line: number, text: string, help?: string): void {
    if (this.list.length >= RECORDING_LIMITS.findingsMax) {
      this.hidden += 1;
      return;
    }
    const place = line > 0 ? `${file}:${String(line)}` : file;
    const found: Diagnostic = {
      code: 'X0701',
      severity,
      message: `${place}: ${text}`,
      source: this.source,
    };
    this.list.push(help === undefined ? found : { ...found, help });
  }
}
