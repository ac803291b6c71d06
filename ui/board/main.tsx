import './board.css';
import { restartAfterFault, startPage } from '../shared/page.tsx';
import { Board } from './board.tsx';
import { Plate } from './plate.tsx';
import { board, options, screens } from './store.ts';

restartAfterFault();
startPage(options.window === null ? <Board /> : <Plate window={options.window} />);
void board.refresh();
void screens.refresh();
// A missed event must not leave a wrong number on the wall.
setInterval(() => void board.refresh(), 15_000);
// New pictures appear by themselves; nobody reloads a wall.
setInterval(() => void screens.refresh(), 60_000);
