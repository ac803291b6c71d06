import { npmCommand } from '../npm-command.ts';
import { type HallWish, simulateHall } from './hall/simulate-hall.ts';

const program = npmCommand('npm run simulate', 'simulations of what cannot be tried on people');
program
  .command('hall')
  .description(
    'a log of arrivals, or an invented branch, through queue and wait forecast, beside simpler forecasts',
  )
  .option('--arrivals <file>', 'log of arrivals, CSV; an invented branch when left out')
  .option('--windows <file>', 'when which windows were open, CSV; as many as the work needs when left out')
  .option(
    '--loads <numbers>',
    'work over the time of the windows, from 0 to 5, with commas between',
    '0.7,0.8,0.9',
  )
  .option('--days <number>', 'how long the invented branch works, 1 to 1000', '30')
  .option('--offset-hours <number>', 'by how much the clock of the arrivals is behind, up to 24', '0')
  .addHelpText(
    'after',
    '\nJSON lines on standard output, words for people on standard error; docs/FORECAST.md.',
  )
  .action(async (wish: HallWish) => {
    process.exitCode = await simulateHall(wish);
  });
await program.parseAsync();
