import type { TestEvent } from 'node:test/reporters';

/** A reporter for `node --test`: names the files in which something failed, a line each. */
export default async function* failedFiles(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const files = new Set<string>();
  for await (const { type, data } of events)
    if (type === 'test:fail' && data.file !== undefined && !files.has(data.file)) {
      files.add(data.file);
      yield `${data.file}\n`;
    }
}
