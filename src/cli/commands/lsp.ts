/** `xlab lsp`: the language server for editors, on the standard streams. */
import type { Command } from 'commander';
import { labCatalog } from '../../app/catalog.js';
import { createLanguageHost } from '../../app/language-host.js';
import { shippedScenariosFolder } from '../../app/shipped-files.js';
import { collect, pluginPaths } from '../scenario-options.js';
import { TOOL_VERSION } from '../../app/version.js';
import { startLanguageServer } from '../../lsp/server.js';

async function serve({ plugin }: { readonly plugin: readonly string[] }): Promise<void> {
  const libraryFolder = shippedScenariosFolder();
  process.exitCode = await startLanguageServer({
    input: process.stdin,
    output: process.stdout,
    version: TOOL_VERSION,
    lab: {
      catalog: labCatalog(),
      hostOf: (folder) =>
        createLanguageHost(
          folder,
          plugin.flatMap((path) => pluginPaths(path, folder)),
        ),
      ...(libraryFolder === undefined ? {} : { libraryFolder }),
    },
  });
}

export function registerLsp(program: Command): void {
  program
    .command('lsp')
    .description('serve the language to an editor on the standard streams')
    // Editors name their transport by convention; this server has one.
    .option('--stdio', 'the standard streams, which is the only way')
    .option('--plugin <file>', 'load this design plugin, which is code; repeatable', collect, [])
    .action(serve);
}
