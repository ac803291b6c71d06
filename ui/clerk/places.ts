import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DocumentView, PlacesView } from '../../protocol/api/documents.ts';
import { get } from '../shared/api.ts';
import { searchedFor } from './store.ts';

const none: PlacesView['places'] = [];

/** Where the words that the clerk searched for stand on a document; empty when it is not what they chose. */
export function usePlaces({ documentId, state }: DocumentView): PlacesView['places'] {
  const places = useSignal(none);
  const searched = searchedFor.value;
  useEffect(() => {
    places.value = none;
    if (searched?.documentId !== documentId) return;
    const { query } = searched;
    void get<PlacesView>(`/api/documents/${documentId}/places?q=${encodeURIComponent(query)}`).then(
      answer => {
        // Without its places the page is still the page that was found.
        if (answer.ok && searchedFor.value === searched) places.value = answer.value.places;
      },
    );
  }, [documentId, state, searched]);
  return places.value;
}
