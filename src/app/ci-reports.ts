/** Verdicts in the forms that test runners read: JUnit XML and KTAP. No times: equal runs, equal bytes. */
import type { DesignVerdict } from './design-verdicts.js';

/** Characters that XML text and attributes may not hold as they are. */
const XML_SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const CONTROL_FIRST_PRINTABLE = 32;
/** Code points outside the characters of XML 1.0. */
const NO_XML: ReadonlySet<number> = new Set([0xfffe, 0xffff]);

const xmlText = (text: string): string =>
  Array.from(text, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    const isSurrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < CONTROL_FIRST_PRINTABLE || isSurrogate || NO_XML.has(code)) return ' ';
    return XML_SIGNS[sign] ?? sign;
  }).join('');

const claimName = (verdict: DesignVerdict): string =>
  `line ${String(verdict.line)}: ${verdict.text} [${verdict.design}]`;

const isFailure = ({ severity, state }: DesignVerdict): boolean =>
  severity === 'expect' && state === 'fail';
const isUndecided = ({ severity, state }: DesignVerdict): boolean =>
  severity === 'expect' && state === 'unknown';

/** One test case an expectation and design. */
export function junitText(scenario: string, verdicts: readonly DesignVerdict[]): string {
  const failures = verdicts.filter(isFailure).length;
  const errors = verdicts.filter(isUndecided).length;
  const suite = xmlText(scenario);
  const cases = verdicts.flatMap((verdict) => {
    const head = `    <testcase classname="${suite}" name="${xmlText(claimName(verdict))}"`;
    const detail = xmlText(verdict.detail);
    if (isFailure(verdict))
      return [`${head}>`, `      <failure message="${detail}"/>`, '    </testcase>'];
    if (isUndecided(verdict))
      return [`${head}>`, `      <error message="${detail}"/>`, '    </testcase>'];
    if (verdict.state === 'warn') {
      return [`${head}>`, `      <system-out>warning: ${detail}</system-out>`, '    </testcase>'];
    }
    return [`${head}/>`];
  });
  const counts = `tests="${String(verdicts.length)}" failures="${String(failures)}" errors="${String(errors)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${suite}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** A test line without what KTAP would read as a directive. */
const ktapText = (text: string): string => text.replaceAll('#', '').replaceAll(/\s+/g, ' ').trim();

/** One test line an expectation and design; warnings are passes with a remark. */
export function ktapOutput(verdicts: readonly DesignVerdict[]): string {
  const lines = verdicts.flatMap((verdict, index) => {
    const result = isFailure(verdict) || isUndecided(verdict) ? 'not ok' : 'ok';
    const line = `${result} ${String(index + 1)} ${ktapText(claimName(verdict))}`;
    const remark =
      verdict.state === 'pass' ? [] : [`# ${verdict.state}: ${ktapText(verdict.detail)}`];
    return [...remark, line];
  });
  const plan =
    verdicts.length === 0 ? '1..0 # SKIP no expectations' : `1..${String(verdicts.length)}`;
  return ['KTAP version 1', plan, ...lines, ''].join('\n');
}
