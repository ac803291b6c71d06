import { readFile } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { Compile } from 'typebox/compile';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import { Register, type Service } from '../../protocol/register.ts';
import type { Blob } from '../../protocol/values.ts';

/** The service register that the box works by. */
export interface RegisterHolder {
  /** Throws `queue.no-register`. */
  get(): Register;
  version(): number;
  /** Throws `queue.unknown-service`. */
  getService(serviceId: string): Service;
  /** Reads and checks a register that came from the centre. Throws `setup.bad-configuration`. */
  parse(bytes: Uint8Array): Register;
  adopt(register: Register): void;
}

const shape = Compile(Register);

/**
 * The newest readable register of the journal, or the one that the box was put into service with, so
 * that a branch that never met its centre, or whose disk lost a file, can work.
 */
export async function openRegister(
  db: DatabaseSync,
  blobs: BlobStore,
  provisionedPath: string,
  log: Log,
): Promise<RegisterHolder> {
  function parse(bytes: Uint8Array): Register {
    const value = parseJson(bytes);
    if (!shape.Check(value)) throw new AppError('setup.bad-configuration', { what: 'register' });
    return value;
  }

  async function newestAdopted(): Promise<Register | undefined> {
    const adopted = db.prepare(
      `select json_extract(body, '$.content') as content from facts where type = 'register.adopted' order by position desc`,
    );
    for (const { content } of adopted.all() as { content: string }[])
      try {
        return parse(await blobs.get((JSON.parse(content) as Blob).sha256));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        log.error({ code: codeOf(error) }, 'an adopted register cannot be read, an older one is used');
      }
    return undefined;
  }

  let current =
    (await newestAdopted()) ??
    (await readFile(provisionedPath).then(parse, (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }));

  const get = () => {
    if (!current) throw new AppError('queue.no-register');
    return current;
  };
  return {
    get,
    version: () => current?.version ?? 0,
    getService(serviceId) {
      const service = get().services.find(candidate => candidate.id === serviceId);
      if (!service) throw new AppError('queue.unknown-service', { serviceId });
      return service;
    },
    parse,
    adopt(register) {
      current = register;
    },
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
