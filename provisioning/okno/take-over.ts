import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { ApiError } from '../../protocol/api/common.ts';
import type { HubView } from '../../protocol/api/hub.ts';
import { exitStatus } from './exit-status.ts';

interface Wish {
  url: string;
  login: string;
}

/** Adds `okno box take-over`: the button of the technician's page, for a terminal. */
export function registerTakeOver(box: Command): void {
  box
    .command('take-over')
    .description('make this box the hub of its branch, in the place of the other one')
    .option('--url <address>', 'address of the box that shall be the hub', 'http://127.0.0.1:8080')
    .option('--login <name>', 'log-in of the technician', 'technician')
    .addHelpText(
      'after',
      '\nReads the password from standard input. Prints one line of JSON. Exit status: 0 it is the hub, 1 refused, 3 no answer.',
    )
    .action(takeOver);
}

async function takeOver({ url, login }: Wish): Promise<void> {
  const password = (await text(process.stdin)).trim();
  try {
    const entered = await post(`${url}/api/login`, { login, password });
    const cookie = entered.headers
      .getSetCookie()
      .map(each => each.split(';')[0])
      .join('; ');
    const answer = entered.ok ? await post(`${url}/api/technician/take-over`, {}, cookie) : entered;
    const said = (await answer.json()) as HubView | ApiError;
    process.stdout.write(`${JSON.stringify({ ok: answer.ok, ...said })}\n`);
    process.exitCode = answer.ok ? exitStatus.passed : exitStatus.failed;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`Не отвечает: ${url}\n`);
    process.exitCode = exitStatus.unusable;
  }
}

const post = (address: string, body: object, cookie = '') =>
  fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  });
