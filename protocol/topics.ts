/** MQTT topics. A box may publish only below `up/<its id>` and hear only `down/<its id>`. */
export const up = (box: string) => ({
  facts: `okno/1/up/${box}/facts`,
  birth: `okno/1/up/${box}/birth`,
  death: `okno/1/up/${box}/death`,
  observations: `okno/1/up/${box}/observations`,
  receipt: `okno/1/up/${box}/receipt`,
});

export const down = (box: string) => ({
  receipt: `okno/1/down/${box}/receipt`,
  log: `okno/1/down/${box}/log`,
});

/** Of the second session of a box: content where no other port is open (docs/adr/0014). */
export const content = (box: string) => ({
  up: `okno/1/up/${box}/content`,
  down: `okno/1/down/${box}/content`,
});

/** Client id of that session. No box has such a name. */
export const contentClientId = (box: string) => `${box}:content`;

/** Which box a client is, and which of its two sessions. */
export function sessionOf(clientId: string): { box: string; isContent: boolean } {
  const box = clientId.replace(/:content$/, '');
  return { box, isContent: box !== clientId };
}

export type UpKind = keyof ReturnType<typeof up> | 'content';

/** The box and kind of an uplink topic, or undefined for any other topic. */
export function parseUp(topic: string): { box: string; kind: UpKind } | undefined {
  const match =
    /^okno\/1\/up\/([a-z0-9][a-z0-9.-]{0,63})\/(facts|birth|death|observations|receipt|content)$/.exec(topic);
  return match ? { box: match[1] as string, kind: match[2] as UpKind } : undefined;
}
