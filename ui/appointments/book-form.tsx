import { useEffect } from 'preact/hooks';
import type { PublicBranchView } from '../../protocol/api/appointments.ts';
import { Button } from '../shared/components/button.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { findServices } from '../shared/find-services.ts';
import { inLanguage, t } from '../shared/language.ts';
import {
  book,
  box,
  branches,
  chooseBranch,
  chooseService,
  chosenBranch,
  chosenService,
  serviceId,
  wish,
} from './store.ts';
import { Times } from './times.tsx';

/** Branch, service, day and time, one under the other; what was chosen stays in sight and can be changed. */
export function BookForm() {
  return (
    <Loaded held={branches.held.value} onRetry={() => void branches.refresh()} rows={4}>
      {view => (
        <>
          <BranchChoice view={view} />
          <ServiceChoice />
          {chosenService.value && (
            <Times action={at => t('appointments.book', { at })} onTake={() => void book()} />
          )}
          <p class="soft">
            {t('appointments.no-person')} {t('appointments.wall-time')}
          </p>
        </>
      )}
    </Loaded>
  );
}

function BranchChoice({ view }: { view: PublicBranchView[] }) {
  useEffect(() => {
    if (box.value === '' && view[0]) chooseBranch(view[0].box);
  }, [view]);
  return (
    <label class="field">
      <span>{t('appointments.branch')}</span>
      <select class="select" value={box.value} onChange={event => chooseBranch(event.currentTarget.value)}>
        {view.map(each => (
          <option key={each.box} value={each.box}>
            {inLanguage(each.name)}
          </option>
        ))}
      </select>
    </label>
  );
}

function ServiceChoice() {
  const chosen = chosenService.value;
  if (chosen)
    return (
      <div class="chosen">
        <p>
          <span class="soft">{t('appointments.service')}</span>
          <strong>{inLanguage(chosen.title)}</strong>
          <span class="soft">{t('appointments.minutes', { count: chosen.receptionMinutes })}</span>
        </p>
        <Button
          kind="quiet"
          onPress={() => {
            serviceId.value = '';
          }}
        >
          {t('appointments.other-service')}
        </Button>
      </div>
    );
  const all = chosenBranch.value?.services ?? [];
  const found = wish.value.trim() === '' ? all : findServices(all, wish.value);
  return (
    <div class="field">
      <label for="service-wish">{t('appointments.service')}</label>
      <input
        id="service-wish"
        class="input"
        type="search"
        autocomplete="off"
        placeholder={t('appointments.service-hint')}
        value={wish.value}
        onInput={event => {
          wish.value = event.currentTarget.value;
        }}
      />
      <ul class="found">
        {found.map(service => (
          <li key={service.id}>
            <Button kind="quiet" icon="forward" onPress={() => chooseService(service.id)}>
              {inLanguage(service.title)}
            </Button>
          </li>
        ))}
      </ul>
      {found.length === 0 && all.length > 0 && <p role="status">{t('appointments.none-found')}</p>}
    </div>
  );
}
