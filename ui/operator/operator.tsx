import { now, showTime } from '../shared/clock.ts';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { LeaveButton } from '../shared/components/leave-button.tsx';
import { SearchBox } from '../shared/components/search-box.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { FreshnessMark } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { Branches } from './branches.tsx';
import { CaseDetails } from './case-details.tsx';
import { Cases } from './cases.tsx';
import { Events } from './events.tsx';
import { caseId, region, showCase } from './store.ts';
import { conditionOf } from './trouble-order.ts';

export function Operator() {
  return (
    <div class="operator">
      <OperatorHead />
      <main class="operator-main">
        <section class="operator-panel" aria-labelledby="branches-title">
          <h2 id="branches-title">{t('operator.branches')}</h2>
          <Loaded held={region.held.value} onRetry={() => void region.refresh()} rows={4}>
            {view => <Branches view={view} />}
          </Loaded>
        </section>
        <section class="operator-panel" aria-labelledby="cases-title">
          <header class="panel-head">
            <h2 id="cases-title">{t('operator.cases')}</h2>
            <SearchBox onChoose={hit => showCase(hit.caseId)} />
          </header>
          <Cases />
        </section>
      </main>
      <aside class="operator-side">{caseId.value === null ? <Events /> : <CaseDetails />}</aside>
    </div>
  );
}

/** The region in one line. */
function OperatorHead() {
  const view = heldValue(region);
  const troubled = view?.boxes.filter(box => conditionOf(box) === 'trouble').length ?? 0;
  return (
    <header class="operator-head">
      <div class="operator-name">
        <h1>{view ? inLanguage(view.region) : t('operator.title')}</h1>
        <p>{view ? t('operator.register', { count: view.registerVersion }) : '\u00a0'}</p>
      </div>
      <dl class="totals">
        <Total
          name={t('operator.branches-in-trouble')}
          value={view ? troubled : null}
          alarming={troubled > 0}
        />
        <Total name={t('operator.waiting')} value={view?.totals.waiting ?? null} />
        <Total name={t('operator.open-cases')} value={view?.totals.openCases ?? null} />
        <Total name={t('operator.in-agency')} value={view?.totals.inAgency ?? null} />
        <Total name={t('operator.results-ready')} value={view?.totals.resultsReady ?? null} />
        <Total
          name={t('operator.refused')}
          value={view?.totals.refused ?? null}
          alarming={(view?.totals.refused ?? 0) > 0}
        />
      </dl>
      <div class="operator-tools">
        <time>{showTime(now.value)}</time>
        <FreshnessMark />
        <div>
          <a href="/archive">{t('archive.title')}</a>
          <LanguageSwitch />
          <LeaveButton />
        </div>
      </div>
    </header>
  );
}

function Total({
  name,
  value,
  alarming = false,
}: {
  name: string;
  value: number | null;
  alarming?: boolean;
}) {
  return (
    <div class={alarming ? 'alarming' : ''}>
      <dd class="figures">{value ?? '…'}</dd>
      <dt>{name}</dt>
    </div>
  );
}
