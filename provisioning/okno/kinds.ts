import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { classify, scorePage } from '../../device/capture/kinds/classify.ts';
import { pageOfText } from '../../device/capture/kinds/page-of-text.ts';
import { shippedRules } from '../../device/capture/kinds/rules.ts';
import type { RecognisedPage } from '../../device/capture/recognised.ts';
import { createRecogniser } from '../../device/capture/recogniser.ts';
import { AppError } from '../../protocol/app-error.ts';
import { judgeRules, type KindRules } from '../../protocol/kind-rules.ts';
import { exitStatus } from './exit-status.ts';

const pictures = /\.(?:jpe?g|png|tiff?)$/i;
const pageTimeoutMs = 120_000;
const shownRules = 3;

/** Adds `okno kinds try`, for whoever writes the rules by which papers are told apart. */
export function registerKinds(program: Command): void {
  program
    .command('kinds')
    .description('the rules by which kinds of papers are told apart')
    .command('try')
    .argument('<path...>', 'pages (.jpg, .png, .tif), their texts (.txt), or folders of them')
    .option('--json', 'one line of JSON a file, with every rule')
    .option('--rules <file>', 'rules as the trainer page saves them, in place of the shipped ones')
    .description('show what each rule gives on pages, without keeping anything')
    .addHelpText(
      'after',
      '\nA picture beside a text of the same name is left out: the text is quicker.\nThe shipped rules are in device/capture/kinds/rules.ts; a box keeps those of its trainer page.',
    )
    .action(async (paths: string[], { json, rules }: { json?: boolean; rules?: string }) => {
      const read = rules === undefined ? shippedRules : await readRules(rules);
      if (read) await tryPages(paths, read, json === true);
    });
}

/** Undefined, and said why, when the file holds no rules. */
async function readRules(path: string): Promise<KindRules | undefined> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    process.stderr.write(`${path}: ${(error as Error).message}\n`);
    process.exitCode = exitStatus.unusable;
    return undefined;
  }
  const verdict = judgeRules(value);
  if (verdict.kind === 'good') return verdict.rules;
  process.stderr.write(`${path}: ${verdict.what.ru}\n`);
  process.exitCode = exitStatus.unusable;
  return undefined;
}

async function tryPages(paths: string[], rules: KindRules, json: boolean): Promise<void> {
  const files = (await Promise.all(paths.map(pagesIn))).flat();
  if (files.length === 0) {
    process.stderr.write('Нет страниц: нужны файлы .txt, .jpg, .png или .tif\n');
    process.exitCode = exitStatus.unusable;
    return;
  }
  const recogniser = createRecogniser({ pageTimeoutMs });
  const read = async (path: string): Promise<RecognisedPage[]> => {
    if (!pictures.test(path)) return [pageOfText(await readFile(path, 'utf8'))];
    const about = { kind: 'other', title: basename(path), createdAt: new Date(0) };
    return (await recogniser.recognise([await readFile(path)], about)).pages;
  };
  try {
    for (const path of files) {
      const pages = await read(path);
      process.stdout.write(json ? asJson(path, pages, rules) : asText(path, pages, rules));
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${error.code}\n`);
    process.exitCode = exitStatus.unusable;
  } finally {
    await recogniser.stop();
  }
}

/** The file itself, or what lies in a folder, by name. */
async function pagesIn(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).toSorted();
  const texts = new Set(names.filter(name => name.endsWith('.txt')));
  return names
    .filter(name => texts.has(name) || (pictures.test(name) && !texts.has(name.replace(pictures, '.txt'))))
    .map(name => join(path, name));
}

function asJson(path: string, pages: RecognisedPage[], by: KindRules): string {
  const guess = classify(pages, by);
  const scores = pages.map(page => scorePage(page, by));
  return `${JSON.stringify({ file: basename(path), ...guess, pages: scores })}\n`;
}

function asText(path: string, pages: RecognisedPage[], by: KindRules): string {
  const { kind, sure } = classify(pages, by);
  const rules = pages.flatMap(page => scorePage(page, by)).filter(({ score }) => score > 0);
  const lines = rules.slice(0, shownRules).flatMap(rule => [
    `  ${rule.kind} ${rule.score.toFixed(1)}`,
    ...rule.found.map(({ is, what, gave, errors }) => {
      const where = is === 'phrase' ? '' : ` (${is})`;
      const misread = errors === 0 ? '' : `, ${errors} misread`;
      return `    ${gave < 0 ? '−' : '+'}${Math.abs(gave).toFixed(1)} ${what}${where}${misread}`;
    }),
  ]);
  return `${[`${basename(path)}: ${kind}, ${Math.round(sure * 100)} %`, ...lines].join('\n')}\n`;
}
