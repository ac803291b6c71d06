import { readFile } from 'node:fs/promises';
import { createHubClient, HubRefusal } from '../../device/station/hub-client.ts';
import { readStationConfig, type StationConfig } from '../../device/station/station-config.ts';
import type { Me } from '../../protocol/api/people.ts';
import type { StationView } from '../../protocol/api/station.ts';
import { AppError } from '../../protocol/app-error.ts';
import { type Finding, printer } from './doctor-alone.ts';

const answerTimeoutMs = 5_000;

/** The configuration of a kiosk’s box, or what is wrong with it; undefined when the file is none. */
export async function findStationConfig(path: string): Promise<StationConfig | Finding | undefined> {
  try {
    if (!isStation(JSON.parse(await readFile(path, 'utf8')))) return undefined;
    return await readStationConfig(path);
  } catch (error) {
    if (error instanceof AppError) return misread(path, String(error.details.what ?? ''));
    // A file that is not there, or no JSON, is told by whoever reads it as the configuration of a box.
    return undefined;
  }
}

export const misread = (path: string, what: string): Finding => ({
  title: { ru: 'Настройки станции', en: 'Configuration of the station' },
  ok: false,
  text: {
    ru: `Файл настроек не читается: ${path} (${what}). Исправьте его или запишите заново: okno station write.`,
    en: `The configuration cannot be read: ${path} (${what}). Correct it or write it anew: okno station write.`,
  },
  code: 'setup.bad-configuration',
});

const isStation = (value: unknown) => typeof value === 'object' && value !== null && 'station' in value;

/** Whether it runs, prints, and is let in by the hub and the spare box. */
export async function lookAtStation(
  config: StationConfig,
): Promise<{ running: boolean; findings: Finding[] }> {
  const view = await ask(config);
  const boxes = [config.hub.url, ...(config.hub.spareUrl ? [config.hub.spareUrl] : [])];
  return {
    running: view !== undefined,
    findings: [
      program(config, view),
      await printer(config),
      ...(await Promise.all(boxes.map(hub => door(config, hub)))),
    ],
  };
}

async function ask({ http }: StationConfig): Promise<StationView | undefined> {
  try {
    const url = `http://127.0.0.1:${http.port}/api/station`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerTimeoutMs) });
    return answer.ok ? ((await answer.json()) as StationView) : undefined;
  } catch {
    return undefined;
  }
}

function program({ station }: StationConfig, view: StationView | undefined): Finding {
  const title = { ru: `Станция ${station}`, en: `Station ${station}` };
  if (!view) {
    const text = {
      ru: 'Не работает или не отвечает. Запустите её.',
      en: 'Does not run or does not answer. Start it.',
    };
    return { title, ok: false, text, code: null };
  }
  const { hub, untold, left } = view;
  const least = Math.min(...left.map(({ numbers }) => numbers));
  return hub === 'connected'
    ? { title, ok: true, text: { ru: 'работает', en: 'works' }, code: null }
    : {
        title,
        ok: false,
        text: {
          ru: `работает одна: главное устройство не отвечает. Не переданы талоны: ${untold}; номеров осталось не меньше ${least} на букву.`,
          en: `works alone: the hub does not answer. Tickets it was not told of: ${untold}; at least ${least} numbers are left of each letter.`,
        },
        code: 'queue.hub-away',
      };
}

/** A spare box lets stations in as the hub does. `judge` says what to think of the window of the station's account. */
export async function door(
  { hub: { login, password } }: Pick<StationConfig, 'hub'>,
  url: string,
  judge: (window: string | null) => Pick<Finding, 'ok' | 'text'> = () => letsIn,
): Promise<Finding> {
  const title = { ru: `Устройство отделения ${url}`, en: `Box of the branch ${url}` };
  try {
    const me = JSON.parse(await createHubClient({ url, login, password }).ask('GET', '/api/me')) as Me;
    return { title, code: null, ...judge(me.window) };
  } catch (error) {
    if (error instanceof HubRefusal) {
      const { ru, en, code } = error.body;
      return { title, ok: false, text: { ru, en }, code };
    }
    const text = {
      ru: 'не отвечает. Проверьте адрес, питание и сеть.',
      en: 'does not answer. Check the address, its power and the network.',
    };
    return { title, ok: false, text, code: 'queue.hub-away' };
  }
}

const letsIn = { ok: true, text: { ru: 'впускает станцию', en: 'lets the station in' } };
