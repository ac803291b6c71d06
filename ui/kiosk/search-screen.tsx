import { Empty } from '../shared/components/states.tsx';
import { findServices } from '../shared/find-services.ts';
import { Icon } from '../shared/icons.tsx';
import { t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { Keyboard } from './keyboard.tsx';
import { searched } from './screens.ts';
import { ServiceRows } from './service-list.tsx';
import { register } from './store.ts';

export function SearchScreen() {
  const wish = searched.value;
  const found = findServices(heldValue(register)?.services ?? [], wish);
  return (
    <section class="screen search-screen">
      <h1 tabIndex={-1}>{t('kiosk.search-title')}</h1>
      <div class="search-field">
        <Icon name="search" size={36} />
        <input
          data-first
          class="input"
          type="search"
          inputMode="none"
          autocomplete="off"
          spellcheck={false}
          aria-label={t('kiosk.search-field')}
          value={wish}
          onInput={event => {
            searched.value = event.currentTarget.value;
          }}
        />
      </div>
      <p class="visually-hidden" role="status">
        {wish.trim() === '' ? '' : t('kiosk.found', { count: found.length })}
      </p>
      <div class="search-found">
        {found.length > 0 ? (
          <ServiceRows services={found} />
        ) : (
          <Empty icon="search">{t(wish.trim() === '' ? 'kiosk.search-hint' : 'kiosk.search-empty')}</Empty>
        )}
      </div>
      <Keyboard
        value={wish}
        onChange={value => {
          searched.value = value.trimStart().slice(0, 60);
        }}
      />
    </section>
  );
}
