import { connect } from 'node:net';
import { newId } from '../../../ui/shared/new-id.ts';
import { answer, tell } from './conversation.ts';

/** `ticket-clients PORT SERVICE…`: kiosks that ask for the next ticket as soon as they have one. */
const [port = '', ...services] = process.argv.slice(2);

interface Round {
  clients: number;
  seconds: number;
  tickets: number;
}

/** Bare sockets: an HTTP library would cost more than the hall. */
function kiosk(
  next: () => string | undefined,
  heard: (latencyMs: number, bytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
    let [text, askedMs] = ['', 0];
    const ask = () => {
      const serviceId = next();
      if (serviceId === undefined) return socket.end();
      const body = JSON.stringify({ requestId: newId(), serviceId });
      askedMs = performance.now();
      socket.write(
        `POST /api/tickets HTTP/1.1\r\nhost: okno.test\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    };
    socket.setEncoding('latin1');
    socket.on('connect', ask);
    socket.on('data', chunk => {
      text += chunk;
      const bodyAt = text.indexOf('\r\n\r\n') + 4;
      if (bodyAt < 4) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (text.length < bodyAt + length) return;
      if (!text.startsWith('HTTP/1.1 200')) return void socket.destroy(new Error(text));
      heard(performance.now() - askedMs, text.length);
      text = '';
      ask();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

answer({
  async run(wish) {
    const { clients, seconds, tickets } = wish as unknown as Round;
    const latenciesMs: number[] = [];
    const begunMs = performance.now();
    let [asked, bytes] = [0, 0];
    const heard = (latencyMs: number, answerBytes: number) => {
      latenciesMs.push(latencyMs);
      bytes += answerBytes;
    };
    const next = () => {
      if (asked >= tickets || performance.now() - begunMs > seconds * 1000) return undefined;
      return services[asked++ % services.length];
    };
    await Promise.all(Array.from({ length: clients }, () => kiosk(next, heard)));
    return { tookMs: performance.now() - begunMs, latenciesMs, answerBytes: bytes / latenciesMs.length };
  },
});
tell({ ready: true });
