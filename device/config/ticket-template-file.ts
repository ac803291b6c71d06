import { Low } from 'lowdb';
import { Compile } from 'typebox/compile';
import type { Log } from '../../platform/log.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import { defaultTicketTemplate, TicketTemplate } from '../../protocol/ticket-template.ts';
import { configFile } from './config-file.ts';

/** How tickets of this branch look. */
export interface TicketTemplateHolder {
  get(): TicketTemplate;
  /** In force and on the disk when it resolves; a power cut leaves the old or the new one. */
  save(template: TicketTemplate): Promise<void>;
}

const shape = Compile(TicketTemplate);

/** The template in `path`. Without a readable one tickets look as shipped: the queue must not stop for it. */
export async function openTicketTemplate(path: string, log: Log): Promise<TicketTemplateHolder> {
  const file = configFile(path, (value): value is TicketTemplate => shape.Check(value));
  const store = new Low<TicketTemplate | null>(file, null);
  await store.read().catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    log.error({ code: codeOf(error) }, 'the ticket template cannot be read, tickets look as shipped');
  });
  let current = store.data ?? defaultTicketTemplate;
  return {
    get: () => current,
    async save(template) {
      store.data = template;
      await store.write();
      current = template;
    },
  };
}
