import { type Command, InvalidArgumentError, Option } from 'commander';
import { exitStatus } from './exit-status.ts';
import { UnreadableFile } from './unreadable-file.ts';
import { verifyFile } from './verify-file.ts';
import { reportText, unreadableText } from './verify-text.ts';

interface VerifyOptions {
  trust?: string;
  content?: string;
  crl: string[];
  ocsp: string[];
  evidence?: string;
  at?: Date;
  json?: true;
  lang: 'ru' | 'en';
}

/** Adds `okno verify FILE`: judges a package or a detached signature without any server. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('verify a package (.asice) or a detached signature (.sig beside its document)')
    .argument('<file>', 'package, signature, or a document whose signature lies beside it')
    .option('--trust <folder>', 'folder with the certificates (*.pem) of trusted authorities')
    .option('--content <file>', 'the signed document, when it does not lie beside the signature')
    .option('--crl <folder>', 'folder with revocation lists (*.crl); may be repeated', collect, [])
    .option('--ocsp <folder>', 'folder with OCSP answers (*.ocsp, *.ors); may be repeated', collect, [])
    .option('--evidence <place>', 'folder or ZIP archive with the evidence that the centre keeps of the file')
    .option('--at <time>', 'judge certificates for this moment, ISO 8601; now by default', readTime)
    .option('--json', 'print one line of JSON instead of text')
    .addOption(new Option('--lang <language>', 'language of the text').choices(['ru', 'en']).default('ru'))
    .addHelpText('after', '\nExit status: 0 passed, 1 failed, 2 cannot be judged, 3 could not read a file.')
    .action(runVerify);
}

async function runVerify(file: string, options: VerifyOptions): Promise<void> {
  try {
    const report = await verifyFile({
      file,
      trustFolder: options.trust ?? null,
      contentFile: options.content ?? null,
      revocationFolders: [...options.crl, ...options.ocsp],
      evidence: options.evidence ?? null,
      at: options.at ?? new Date(),
    });
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report, options.lang));
    process.exitCode = exitStatus[report.verdict];
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    process.stderr.write(unreadableText(error, options.lang));
    process.exitCode = exitStatus.unusable;
  }
}

const collect = (folder: string, before: string[]): string[] => [...before, folder];

function readTime(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('not a time');
  return at;
}
