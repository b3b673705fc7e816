/**
 * Names every test that passed at its second try only, with what went wrong at the first: a race that
 * waits to be mended, in the test or in the window.
 */
import type { Reporter, TestCase } from 'vitest/node';

export default class SecondTryReporter implements Reporter {
  private readonly lines: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky !== true) return;
    const [first] = test.result().errors ?? [];
    const reason = first?.message.split('\n', 1)[0] ?? 'no message';
    this.lines.push(`SECOND TRY ${test.module.relativeModuleId}: ${test.fullName}: ${reason}`);
  }

  onTestRunEnd(): void {
    for (const line of this.lines) process.stdout.write(`${line}\n`);
  }
}
