import { buffer } from 'node:stream/consumers';
import type { Log } from '../../platform/log.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import {
  type ContentAnswer,
  type ContentRequest,
  decodeContentRequest,
  encodeContent,
} from '../../protocol/content-messages.ts';
import { protocolVersion } from '../../protocol/messages.ts';
import { content } from '../../protocol/topics.ts';
import type { ContentDesk } from './content-desk.ts';

/**
 * Content over messages, from the second session of a box. Every request that can be read is answered,
 * also with a refusal: the broker must not bring it again, the box will if it still wants to.
 */
export function createContentMessages(parts: {
  desk: ContentDesk;
  send: (topic: string, payload: Buffer) => void;
  log: Log;
}): (box: string, payload: Buffer) => Promise<void> {
  const { desk, send, log } = parts;
  type Answer = Omit<ContentAnswer, 'v' | 'id'>;

  async function answer(box: string, request: ContentRequest, bytes: Buffer): Promise<[Answer, Buffer?]> {
    const { blob, range } = request;
    switch (request.do) {
      case 'missing': {
        const missing = await desk.missing(box, blob);
        return missing === 'complete' ? [{ state: 'complete' }] : [{ missing }];
      }
      case 'put':
        if (bytes.length !== range.end - range.start + 1) throw new AppError('sync.bad-range', { ...range });
        return [{ state: await desk.put(box, blob, range.start, bytes) }];
      case 'get':
        return [{}, await buffer((await desk.get(box, blob.sha256, range)).bytes)];
    }
  }

  return async (box, payload) => {
    let request: ReturnType<typeof decodeContentRequest>;
    try {
      request = decodeContentRequest(payload);
    } catch (error) {
      log.error({ box, code: codeOf(error) }, 'an unreadable request for content was dropped');
      return;
    }
    const { head, bytes } = request;
    const say = ([what, more]: [Answer, Buffer?]) =>
      send(content(box).down, encodeContent({ v: protocolVersion, id: head.id, ...what }, more));
    try {
      say(await answer(box, head, bytes));
    } catch (error) {
      if (!(error instanceof AppError)) log.error({ box, err: error }, 'a request for content failed');
      say([{ code: codeOf(error) }]);
    }
  };
}
