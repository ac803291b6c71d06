import type { Command } from 'commander';
import { readBoxConfig } from '../../device/config/box-config.ts';
import type { TechnicianDevice, TechnicianView } from '../../protocol/api/technician.ts';
import type { Text } from '../../protocol/values.ts';
import { type Finding, lookAlone } from './doctor-alone.ts';
import { findStationConfig, lookAtStation } from './doctor-station.ts';
import { findWindowConfig, lookAtWindow } from './doctor-window.ts';
import { exitStatus } from './exit-status.ts';

interface DoctorOptions {
  config: string;
  url?: string;
  json?: boolean;
  lang: string;
}

type Language = keyof Text;
interface Diagnosis {
  /** Whether a box answered. */
  running: boolean;
  ok: boolean;
  findings: Finding[];
}

const answerTimeoutMs = 10_000;

/** Adds `okno doctor`: what a technician's page says, in a terminal. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what is wrong with the box of this machine, and what to do')
    .option(
      '--config <file>',
      'configuration of the box, station.json of a kiosk’s, or window.json of a window’s',
      'box.json',
    )
    .option('--url <address>', 'address of the box; from the configuration when left out')
    .option('--json', 'one line of JSON')
    .option('--lang <ru|en>', 'language', process.env.LANG?.startsWith('en') ? 'en' : 'ru')
    .addHelpText(
      'after',
      '\nAsks the box; of one that does not run, looks at its files and at what is plugged in.\nExit status: 0 all is well, 1 something is not.',
    )
    .action(diagnose);
}

async function diagnose({ config, url, json, lang }: DoctorOptions): Promise<void> {
  const window = await findWindowConfig(config);
  const station = window ? undefined : await findStationConfig(config);
  const view = window || station ? undefined : await askBox(url ?? (await addressIn(config)));
  const diagnosis = await judge();
  process.exitCode = diagnosis.ok ? exitStatus.passed : exitStatus.failed;
  const language: Language = lang === 'en' ? 'en' : 'ru';
  process.stdout.write(json ? `${JSON.stringify({ ...diagnosis, view })}\n` : asText(diagnosis, language));

  async function judge(): Promise<Diagnosis> {
    if (view) return judgeView(view);
    const further = window ?? station;
    if (!further) return judgeAlone(config);
    if ('title' in further) return { running: false, ok: false, findings: [further] };
    const look = 'readers' in further ? lookAtWindow(further) : lookAtStation(further);
    const { running, findings } = await look;
    return { running, ok: findings.every(({ ok }) => ok), findings };
  }
}

async function addressIn(config: string): Promise<string | undefined> {
  try {
    const { http } = await readBoxConfig(config);
    return `http://127.0.0.1:${http.port}`;
  } catch {
    // What is wrong with the file is told by looking alone.
    return undefined;
  }
}

/** Undefined when no box answers there. */
async function askBox(url: string | undefined): Promise<TechnicianView | undefined> {
  if (url === undefined) return undefined;
  try {
    const answer = await fetch(new URL('/api/doctor', url), { signal: AbortSignal.timeout(answerTimeoutMs) });
    return answer.ok ? ((await answer.json()) as TechnicianView) : undefined;
  } catch {
    return undefined;
  }
}

function judgeView(view: TechnicianView): Diagnosis {
  const devices = view.devices.map(ofDevice);
  const box = view.warnings
    .filter(({ device }) => device === null)
    .map(({ title, error }): Finding => ({ title, ok: false, text: error, code: error.code }));
  const findings = [...box, ...devices];
  return { running: true, ok: findings.every(({ ok }) => ok), findings };
}

function ofDevice({ title, phase, error, role, plug }: TechnicianDevice): Finding {
  if (error) return { title, ok: false, text: error, code: error.code };
  // Found and used by nobody: a keyboard, an empty port.
  const isIdle = phase === 'discovered' && plug !== null && role === null;
  const text = words[isIdle ? 'idle' : phase];
  return { title, ok: phase === 'ready' || isIdle, text, code: null };
}

async function judgeAlone(config: string): Promise<Diagnosis> {
  const title = { ru: 'Программа «Окно»', en: 'Okno' };
  const text = {
    ru: 'Не работает или не отвечает. Запустите её; ниже то, что видно без неё.',
    en: 'Does not run or does not answer. Start it; below is what can be seen without it.',
  };
  return {
    running: false,
    ok: false,
    findings: [{ title, ok: false, text, code: null }, ...(await lookAlone(config))],
  };
}

function asText({ ok, findings }: Diagnosis, language: Language): string {
  const lines = findings.map(
    ({ ok: isWell, title, text, code }) =>
      `${isWell ? '✔' : '✖'} ${title[language]}: ${text[language]}${code ? ` [${code}]` : ''}\n`,
  );
  return `${lines.join('')}${words[ok ? 'well' : 'unwell'][language]}\n`;
}

const words = {
  discovered: { ru: 'найдено', en: 'found' },
  opening: { ru: 'подключается', en: 'connecting' },
  ready: { ru: 'работает', en: 'works' },
  faulted: { ru: 'неисправно', en: 'faulted' },
  lost: { ru: 'отключено', en: 'unplugged' },
  idle: { ru: 'не назначено', en: 'no role' },
  well: { ru: 'Всё в порядке.', en: 'All is well.' },
  unwell: { ru: 'Есть неполадки.', en: 'Something is not right.' },
} satisfies Record<string, Text>;
