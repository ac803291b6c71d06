import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is started with. */
export interface ThreadData {
  /** Of the core's JavaScript. */
  scriptPath: string;
  compiled: WebAssembly.Module;
  /** Joined by `+`. */
  languages: string;
  languageFiles: string[];
  parameters: Readonly<Record<string, string>>;
}

/** A page to read: a picture file, which is given away. */
export interface ToThread {
  file: Uint8Array<ArrayBuffer>;
  dpi: number;
}

/** Empty when it is ready; then tesseract's table of words for each page, in their order. */
export type FromThread = string;

/** What we use of tesseract.js's core: a library with a file system of its own, in memory. */
interface Core {
  FS: {
    writeFile(path: string, bytes: Uint8Array, options: { canOwn: boolean }): void;
    unlink(path: string): void;
  };
  TessBaseAPI: new () => {
    /** @returns -1 when the language data does not fit. */
    Init(dataDir: null, languages: string, engineMode: number): number;
    SetVariable(name: string, value: string): boolean;
    /** Reads `/input`. @returns 1 when that is no picture. */
    SetImageFile(exifTurn: number, angle: number): number;
    Recognize(monitor: null): number;
    GetTSVText(page: number): string;
  };
}

type StartCore = (settings: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  TesseractProgress(percent: number): void;
  print(line: string): void;
  printErr(line: string): void;
}) => Promise<Core>;

const lstmOnly = 1;
const upright = 1;
/** Where the library looks for it. */
const picture = '/input';

const data = workerData as ThreadData;
const silent = () => undefined;
const startCore = createRequire(import.meta.url)(data.scriptPath) as StartCore;
const core = await startCore({
  instantiateWasm(imports, receive) {
    const instance = new WebAssembly.Instance(data.compiled, imports);
    receive(instance, data.compiled);
    return instance.exports;
  },
  TesseractProgress: silent,
  print: silent,
  printErr: silent,
});

/** Once the library has read a file, its memory is free at once, not when this thread next cleans up. */
function letGo(path: string, bytes: Uint8Array<ArrayBuffer>): void {
  core.FS.unlink(path);
  bytes.buffer.transfer(0);
}

const library = new core.TessBaseAPI();
const files = await Promise.all(
  data.languageFiles.map(async path => ({ name: basename(path), bytes: await readFile(path) })),
);
for (const { name, bytes } of files) core.FS.writeFile(name, bytes, { canOwn: true });
if (library.Init(null, data.languages, lstmOnly) === -1) throw new Error('language data does not fit');
for (const { name, bytes } of files) letGo(name, bytes);
for (const [name, value] of Object.entries(data.parameters)) library.SetVariable(name, value);

parentPort?.on('message', ({ file, dpi }: ToThread) => {
  library.SetVariable('user_defined_dpi', String(Math.round(dpi)));
  core.FS.writeFile(picture, file, { canOwn: true });
  if (library.SetImageFile(upright, 0) === 1) throw new Error('not a picture');
  letGo(picture, file);
  library.Recognize(null);
  say(library.GetTSVText(0));
});
say('');

function say(message: FromThread): void {
  parentPort?.postMessage(message);
}
