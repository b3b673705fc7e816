/** The name of a file without its folders, as either kind of system writes them. */
export const lastPart = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
