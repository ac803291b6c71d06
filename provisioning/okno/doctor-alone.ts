import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { type BoxConfig, readBoxConfig } from '../../device/config/box-config.ts';
import { lookAround } from '../../device/peripherals/open-readers.ts';
import { getUsbPrinter } from '../../device/peripherals/printers/usb-printers.ts';
import { drivers, driversFor } from '../../device/peripherals/registry.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { Text } from '../../protocol/values.ts';

/** One thing that was looked at. */
export interface Finding {
  title: Text;
  ok: boolean;
  /** What to do, when it is not right; what was found, when it is. */
  text: Text;
  code: string | null;
}

const both = (text: string): Text => ({ ru: text, en: text });
const connectTimeoutMs = 2_000;

/** What can be told of a box that does not run: its files, and what is plugged in. Changes nothing, opens no device. */
export async function lookAlone(configPath: string): Promise<Finding[]> {
  const title = { ru: 'Настройки', en: 'Configuration' };
  let config: BoxConfig;
  try {
    config = await readBoxConfig(configPath);
  } catch (error) {
    // A fault in the file is named with its place; a file that is not there is only that.
    const what = error instanceof AppError ? String(error.details.what ?? '') : '';
    const why = what === '' || what === configPath ? '' : ` (${what})`;
    const text = {
      ru: `Файл настроек не читается: ${configPath}${why}. Укажите другой: --config ФАЙЛ.`,
      en: `The configuration cannot be read: ${configPath}${why}. Name another: --config FILE.`,
    };
    return [{ title, ok: false, text, code: 'setup.bad-configuration' }];
  }
  return [
    { title, ok: true, text: both(configPath), code: null },
    await disk(config),
    await printer(config),
    token(config),
    ...(await plugged(config)),
  ];
}

async function disk({ dataDir, minFreeBytes }: BoxConfig): Promise<Finding> {
  const title = { ru: 'Место на диске', en: 'Disk space' };
  const dir = existsSync(dataDir) ? dataDir : '/';
  const { bavail, bsize } = await statfs(dir);
  const free = bavail * bsize;
  const text = { ru: `свободно ${Math.floor(free / 1e6)} МБ`, en: `${Math.floor(free / 1e6)} MB free` };
  return free >= minFreeBytes
    ? { title, ok: true, text, code: null }
    : { title, ok: false, text, code: 'case.disk-low' };
}

export async function printer({ ticketPrinter: line }: Pick<BoxConfig, 'ticketPrinter'>): Promise<Finding> {
  const title = { ru: 'Принтер талонов', en: 'Ticket printer' };
  const { where, ok } = await lookForPrinter(line);
  const text = ok
    ? both(where)
    : {
        ru: `${where} не отвечает. Проверьте питание и кабель принтера.`,
        en: `${where} does not answer. Check the printer’s power and cable.`,
      };
  return { title, ok, text, code: ok ? null : 'printer.offline' };
}

async function lookForPrinter(line: BoxConfig['ticketPrinter']): Promise<{ where: string; ok: boolean }> {
  switch (line.line) {
    case 'tcp':
      return { where: `${line.host}:${line.port}`, ok: await answers(line.host, line.port) };
    case 'serial':
      return { where: line.path, ok: await isThere(line.path) };
    case 'usb': {
      const found = await getUsbPrinter(line).catch(() => undefined);
      return { where: found?.node ?? 'USB', ok: found !== undefined };
    }
  }
}

function token({ token: { modulePath } }: BoxConfig): Finding {
  const title = { ru: 'Ключ подписи', en: 'Signature token' };
  const ok = existsSync(modulePath);
  const text = ok
    ? both(modulePath)
    : {
        ru: `Нет модуля ключа: ${modulePath}. Установите его.`,
        en: `No token module: ${modulePath}. Install it.`,
      };
  return { title, ok, text, code: ok ? null : 'setup.package-missing' };
}

/** What a running box would find, without card readers: those only pcscd knows. */
async function plugged(config: BoxConfig): Promise<Finding[]> {
  const found = await lookAround({ sys: '/sys', dev: '/dev' }, { readers: () => [] }, config);
  return found.flatMap(one => {
    const [best] = driversFor(drivers, one);
    if (!best) return [];
    const text = { ru: `${best.driver.title.ru}, ${one.port}`, en: `${best.driver.title.en}, ${one.port}` };
    return [{ title: both(one.model), ok: true, text, code: null }];
  });
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: connectTimeoutMs });
    const end = (ok: boolean) => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
