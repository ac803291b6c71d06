import { Command } from 'commander';

/** What was asked is not understood; 1 would say that what was asked for went wrong. */
const notUnderstood = 2;

/**
 * A command that runs as `npm start -- …` or `npm run NAME -- …`: tells its options when asked with `--help`, and when it
 * is given one that it does not have.
 */
export function npmCommand(name: string, description: string): Command {
  return new Command(`${name} --`)
    .description(description)
    .showHelpAfterError()
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : notUnderstood));
}
