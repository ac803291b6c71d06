import { readdir, readFile } from 'node:fs/promises';
import { lookAround } from '../../device/peripherals/open-readers.ts';
import { drivers, driversFor } from '../../device/peripherals/registry.ts';
import { readWindowConfig, type WindowConfig } from '../../device/station/window-config.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { Text } from '../../protocol/values.ts';
import type { Finding } from './doctor-alone.ts';
import { door, misread } from './doctor-station.ts';

/** The configuration of a window’s own box, or what is wrong with it; undefined when the file is none. */
export async function findWindowConfig(path: string): Promise<WindowConfig | Finding | undefined> {
  try {
    if (!isWindow(JSON.parse(await readFile(path, 'utf8')))) return undefined;
    return await readWindowConfig(path);
  } catch (error) {
    if (error instanceof AppError) return misread(path, String(error.details.what ?? ''));
    // A file that is not there, or no JSON, is told by whoever reads it as the configuration of a box.
    return undefined;
  }
}

const isWindow = (value: unknown) =>
  typeof value === 'object' && value !== null && 'station' in value && 'readers' in value;

/** Whether it runs, which window the hub knows it for, and what is plugged in. It answers nobody, so it is looked at from outside. */
export async function lookAtWindow(config: WindowConfig): Promise<{ running: boolean; findings: Finding[] }> {
  const running = await isRunning();
  const boxes = [config.hub.url, ...(config.hub.spareUrl ? [config.hub.spareUrl] : [])];
  return {
    running,
    findings: [
      program(config, running),
      ...(await Promise.all(boxes.map(url => door(config, url, seat)))),
      ...unknownDrivers(config),
      ...(await plugged(config)),
    ],
  };
}

/** Its program among those of this machine. */
async function isRunning(proc = '/proc'): Promise<boolean> {
  const pids = (await readdir(proc).catch(() => [])).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(pid => readFile(`${proc}/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.some(line => line.split('\0').some(word => word.endsWith('device/station/window-main.ts')));
}

function program({ station }: WindowConfig, running: boolean): Finding {
  const title = { ru: `Станция ${station}`, en: `Station ${station}` };
  const text = running
    ? { ru: 'работает', en: 'works' }
    : { ru: 'Не работает. Запустите её.', en: 'Does not run. Start it.' };
  return { title, ok: running, text, code: null };
}

/** Without a window its readings would go to the kiosks. */
function seat(window: string | null): Pick<Finding, 'ok' | 'text'> {
  if (window !== null)
    return {
      ok: true,
      text: { ru: `впускает станцию окна ${window}`, en: `lets in the station of window ${window}` },
    };
  const text = {
    ru: 'впускает, но не знает окна. Запишите настройки заново: okno station write … --window.',
    en: 'lets it in, but knows no window. Write the configuration anew: okno station write … --window.',
  };
  return { ok: false, text };
}

function unknownDrivers({ readers }: WindowConfig): Finding[] {
  return readers
    .filter(({ driver }) => !drivers.some(({ id }) => id === driver))
    .map(({ driver }) => ({
      title: both(driver),
      ok: false,
      text: {
        ru: `Такого драйвера нет. Есть: ${drivers.map(({ id }) => id).join(', ')}.`,
        en: `There is no such driver. There are: ${drivers.map(({ id }) => id).join(', ')}.`,
      },
      code: 'setup.bad-configuration',
    }));
}

/** What it works with, without card readers: those only pcscd knows. */
async function plugged(config: WindowConfig): Promise<Finding[]> {
  const found = await lookAround({ sys: '/sys', dev: '/dev' }, { readers: () => [] }, config);
  return found.flatMap(one => {
    const fitting = driversFor(drivers, one).map(({ driver }) => driver);
    const used = config.readers.flatMap(({ driver }) => fitting.filter(({ id }) => id === driver))[0];
    if (!used) return [];
    const text = { ru: `${used.title.ru}, ${one.port}`, en: `${used.title.en}, ${one.port}` };
    return [{ title: both(one.model), ok: true, text, code: null }];
  });
}

const both = (text: string): Text => ({ ru: text, en: text });
