'use strict';

/**
 * One message to a person, on standard error: standard output belongs to the program that comes after
 * the set-up (`npm run visit -- --json`).
 */
exports.say = (ru, en) => {
  process.stderr.write(`${ru}\n${en}\n`);
};
