import Type, { type Static } from 'typebox';
import { Key } from '../../protocol/values.ts';

const common = {
  id: Key,
  title: Type.String(),
  dpi: Type.Integer({ minimum: 100, maximum: 600 }),
};

/** A scanner that SANE drives, local or through another machine's `saned`. */
export const SaneScannerConfig = Type.Object({
  ...common,
  driver: Type.Optional(Type.Literal('sane')),
  /** Name that `scanimage -L` gives, for example `test:0` or `net:10.0.0.7:fujitsu:fi-7160:1`. */
  device: Type.String(),
  configDir: Type.Optional(Type.String({ minLength: 1 })),
  source: Type.Optional(Type.String()),
  /** Further options of the device, as `scanimage --help` lists them: `["--mode", "Color"]`. */
  options: Type.Array(Type.String()),
});
export type SaneScannerConfig = Static<typeof SaneScannerConfig>;

/** A network scanner that needs no driver (eSCL, AirScan). */
export const EsclScannerConfig = Type.Object({
  ...common,
  driver: Type.Literal('escl'),
  /** `http://10.0.0.8/eSCL`, or `https:` with the certificate that it showed first. */
  url: Type.String({ pattern: '^https?://' }),
  /** By default the feeder when paper lies in it, otherwise the glass. */
  source: Type.Optional(
    Type.Union([
      Type.Literal('auto'),
      Type.Literal('flatbed'),
      Type.Literal('feeder'),
      Type.Literal('duplex'),
    ]),
  ),
  /** By default in colour: a stamp in blue ink is told from the text below it. */
  colour: Type.Optional(
    Type.Union([Type.Literal('colour'), Type.Literal('grey'), Type.Literal('black-white')]),
  ),
  /** By default A4. */
  size: Type.Optional(Type.Union([Type.Literal('a4'), Type.Literal('a5'), Type.Literal('largest')])),
});
export type EsclScannerConfig = Static<typeof EsclScannerConfig>;

export const ScannerConfig = Type.Union([SaneScannerConfig, EsclScannerConfig]);
export type ScannerConfig = Static<typeof ScannerConfig>;
