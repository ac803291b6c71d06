import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgencyAdapter, SendOutcome } from '../../central/relay/adapter.ts';
import { gatewayAdapter } from '../../central/relay/adapters/gateway.ts';
import type { GatewayAck, GatewayEvent } from '../../protocol/gateway.ts';
import { type PackageReport, verifyPackage } from '../../protocol/package/asice.ts';
import type { Blob } from '../../protocol/values.ts';
import {
  type AgencySystem,
  type AgencySystemOptions,
  startAgencySystem,
} from '../simulators/agency-system/agency-system.ts';
import type { Mode } from '../simulators/agency-system/mode.ts';
import { parties, pieces, requestFor } from './gateway-parties.ts';

const agencyId = 'rosreestr';

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'okno-gateway-'));

/** An agency's system in this process, with a clock that makes each step at once. */
export async function agency(
  t: TestContext,
  options: Partial<AgencySystemOptions> = {},
): Promise<AgencySystem> {
  const dir = await temporaryFolder();
  const system = await startAgencySystem({
    dir,
    title: 'Ведомство для проверки',
    packageAnchors: [parties.clerks.certificateDer],
    containerAnchors: [parties.boxes.certificateDer],
    clientCa: parties.region.certificate,
    stepMs: 1,
    ...options,
  });
  t.after(async () => {
    await system.close();
    await rm(dir, { recursive: true });
  });
  return system;
}

export interface Reach {
  url: string;
  ca: string;
  client?: { cert: string; key: string };
  timeoutMs?: number;
}

export function adapterFor(t: TestContext, to: Reach): AgencyAdapter {
  const adapter = gatewayAdapter({
    baseUrl: `${to.url}/${agencyId}`,
    tls: { ca: to.ca, ...(to.client ?? parties.centre) },
    timeoutMs: to.timeoutMs ?? 10_000,
  });
  t.after(() => adapter.close());
  return adapter;
}

/** Polls as the relay does until an event with this status is there; gives all events up to then. */
export async function eventsUntil(adapter: AgencyAdapter, status: string): Promise<GatewayEvent[]> {
  for (let tries = 0; tries < 1000; tries++) {
    const events = await adapter.events(0);
    if (events.some(event => event.status === status)) return events;
    await sleep(20);
  }
  throw new Error(`no event «${status}» came`);
}

export async function fetched(adapter: AgencyAdapter, blob: Blob): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  await adapter.fetchContent(blob, chunk => void parts.push(chunk));
  return Buffer.concat(parts);
}

export function ackOf(outcome: SendOutcome): GatewayAck {
  assert.equal(outcome.kind, 'accepted', JSON.stringify(outcome));
  assert.ok(outcome.kind === 'accepted');
  return outcome.ack;
}

export async function send(adapter: AgencyAdapter): Promise<SendOutcome> {
  const bytes = await parties.casePackage();
  return await adapter.send(requestFor(bytes), pieces(bytes));
}

export async function ready(adapter: AgencyAdapter): Promise<Required<GatewayEvent>> {
  const event = (await eventsUntil(adapter, 'ready')).find(each => each.status === 'ready');
  assert.ok(event?.result);
  return event as Required<GatewayEvent>;
}

/** The verdict of the centre, which trusts the agency's own authority. */
export async function judged(bytes: Uint8Array, system: AgencySystem): Promise<PackageReport> {
  const anchors = [new Uint8Array(new X509Certificate(system.officerCa).raw)];
  return await verifyPackage(bytes, { documentAnchors: anchors, containerAnchors: anchors, at: new Date() });
}

/** One case from sending to the judged result, with an agency in this mode. */
export async function resultIn(t: TestContext, mode: Partial<Mode>) {
  const system = await agency(t);
  await system.mode(mode);
  const adapter = adapterFor(t, system);
  ackOf(await send(adapter));
  const event = await ready(adapter);
  const bytes = await fetched(adapter, event.result);
  return { system, adapter, event, bytes, report: await judged(bytes, system) };
}
