import { describe, expect, it } from 'vitest';
import { fileTrouble } from '../../../src/app/file-trouble.js';

const failure = (code: string): Error =>
  Object.assign(new Error(`${code}: said about /private/secret`), { code });

describe('what is said about a file that cannot be read or written', () => {
  it.each([
    ['ENOSPC', 'no space left on the device'],
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'permission denied'],
    ['ENAMETOOLONG', 'its name is too long'],
    ['EXDEV', 'EXDEV'],
  ])('of %s is %j, without the path', (code, words) => {
    expect(fileTrouble(failure(code))).toBe(words);
  });

  it('of anything else is that it was not expected', () => {
    expect(fileTrouble(new Error('/private'))).toBe('unexpected failure');
    expect(fileTrouble('/private')).toBe('unexpected failure');
  });
});
