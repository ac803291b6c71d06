import './board.css';
import { restartAfterFault, startPage } from '../shared/page.tsx';
import { Board } from './board.tsx';
import { board } from './store.ts';

restartAfterFault();
startPage(<Board />);
void board.refresh();
// A missed event must not leave a wrong number on the wall.
setInterval(() => void board.refresh(), 15_000);
