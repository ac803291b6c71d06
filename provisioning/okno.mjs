#!/usr/bin/env node
// The `okno` command in plain JavaScript: a Node that cannot run TypeScript hands over to the pinned one.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = new URL('./okno/main.ts', import.meta.url);

if (process.features.typescript) {
  await import(main.href);
} else {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('error', () => {
    console.error('Okno is not set up here yet: run "npm install" in its folder first.');
    process.exitCode = 3;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 3 : (code ?? 3);
  });
}
