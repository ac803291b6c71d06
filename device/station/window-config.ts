import { readFile } from 'node:fs/promises';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { AppError } from '../../protocol/app-error.ts';
import { Key } from '../../protocol/values.ts';
import { StationConfig } from './station-config.ts';

/** What the box of a window is told. The hub knows which window its account is for. */
export const WindowConfig = Type.Object({
  station: Key,
  hub: StationConfig.properties.hub,
  /** What may be plugged in, the likeliest first: a device gets the first of these drivers that fits it. */
  readers: Type.Array(
    Type.Object({
      driver: Type.String({ minLength: 1 }),
      baudRate: Type.Optional(Type.Integer({ minimum: 1200, maximum: 921_600 })),
      prefix: Type.Optional(Type.String({ maxLength: 16 })),
      suffix: Type.Optional(Type.String({ maxLength: 16 })),
    }),
    { minItems: 1 },
  ),
  logLevel: Type.String(),
});
export type WindowConfig = Static<typeof WindowConfig>;

const shape = Compile(WindowConfig);

/** Throws `setup.bad-configuration`. */
export async function readWindowConfig(path: string): Promise<WindowConfig> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (shape.Check(value)) return value;
  const [first] = shape.Errors(value);
  throw new AppError('setup.bad-configuration', { what: `${first?.instancePath} ${first?.message}` });
}
