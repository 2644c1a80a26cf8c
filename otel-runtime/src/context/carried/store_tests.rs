use super::*;

fn of(value: &str) -> Carried {
    let mut carried = Carried::default();
    carried.baggage.set("key", value).unwrap();
    carried
}

fn value(store: &Store, ticket: Ticket) -> Option<String> {
    let found = store.find(ticket)?;
    found.baggage.value("key").map(str::to_owned)
}

/// Room for a few entries in each shard.
fn small() -> Store {
    Store::new(SHARDS * 4096)
}

#[test]
fn a_ticket_finds_what_it_was_made_for() {
    let store = Store::default();
    let tickets: Vec<_> = (0..100)
        .map(|index| store.keep(of(&index.to_string())).unwrap())
        .collect();
    for (index, ticket) in tickets.into_iter().enumerate() {
        assert_eq!(value(&store, ticket), Some(index.to_string()));
        assert!(!ticket.is_none());
    }
}

#[test]
fn a_ticket_tells_whether_spans_have_something_to_say() {
    let store = Store::default();
    assert!(!store.keep(of("1")).unwrap().is_noted());
    store.set_noted_keys(["other".to_owned(), "key".to_owned()].into());
    assert!(store.keep(of("1")).unwrap().is_noted());
    store.set_noted_keys(["other".to_owned()].into());
    assert!(!store.keep(of("1")).unwrap().is_noted());
    let mut with_state = of("1");
    with_state.trace_state = "a=1".parse().unwrap();
    assert!(store.keep(with_state).unwrap().is_noted());
}

#[test]
fn a_ticket_for_what_is_forgotten_never_finds_anothers() {
    let store = small();
    let mut tickets = Vec::new();
    for index in 0..2000 {
        tickets.push((index, store.keep(of(&format!("{index:0200}"))).unwrap()));
    }
    let mut found = 0;
    for (index, ticket) in tickets {
        match value(&store, ticket) {
            Some(value) => {
                assert_eq!(value, format!("{index:0200}"));
                found += 1;
            }
            None => assert!(!store.hold(ticket)),
        }
    }
    assert!((SHARDS..200).contains(&found), "{found}");
    for shard in &store.shards {
        let shard = shard.lock().unwrap();
        assert!(shard.bytes <= 4096 && shard.order.len() == shard.entries.len());
        assert_eq!(
            shard.bytes,
            shard
                .entries
                .values()
                .map(|entry| entry.bytes)
                .sum::<usize>()
        );
    }
}

#[test]
fn the_store_of_a_forked_child_knows_nothing_of_its_parents_tickets() {
    let (parent, child) = (Store::default(), Store::default());
    let of_parent: Vec<_> = (0..50)
        .map(|_| parent.keep(of("parent")).unwrap())
        .collect();
    let of_child: Vec<_> = (0..50).map(|_| child.keep(of("child")).unwrap()).collect();
    assert!(of_parent.iter().all(|ticket| child.find(*ticket).is_none()));
    assert!(of_child.iter().all(|ticket| parent.find(*ticket).is_none()));
}

#[test]
fn what_is_held_stays_until_it_is_released() {
    let store = small();
    let held = store.keep(of("held")).unwrap();
    assert!(store.hold(held) && store.hold(held));
    let flood = |store: &Store| {
        for index in 0..1000 {
            store.keep(of(&format!("{index:0200}"))).unwrap();
        }
    };
    flood(&store);
    store.release(held);
    flood(&store);
    assert_eq!(value(&store, held).as_deref(), Some("held"));
    store.release(held);
    flood(&store);
    assert_eq!(value(&store, held), None);
}

#[test]
fn what_is_asked_for_outlasts_what_is_not() {
    let store = small();
    let asked = store.keep(of("asked")).unwrap();
    let other = store.keep(of("other")).unwrap();
    for index in 0..1000 {
        store.keep(of(&format!("{index:0200}"))).unwrap();
        assert!(store.find(asked).is_some(), "{index}");
    }
    assert!(store.find(other).is_none());
}

#[test]
fn where_everything_is_held_nothing_more_is_kept() {
    let store = small();
    let mut held = Vec::new();
    while let Some(ticket) = store.keep(of(&"x".repeat(1000))) {
        assert!(store.hold(ticket));
        held.push(ticket);
    }
    assert!(held.len() >= 2 * SHARDS);
    assert!(held.iter().all(|ticket| store.find(*ticket).is_some()));
    held.into_iter().for_each(|ticket| store.release(ticket));
    assert!(store.keep(of(&"x".repeat(1000))).is_some());
}

#[test]
fn threads_find_their_own_or_nothing() {
    let store = small();
    let rounds = if cfg!(miri) { 20 } else { 2000 };
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for round in 0..rounds {
                    let text = format!("{thread} {round:0100}");
                    let Some(ticket) = store.keep(of(&text)) else {
                        continue;
                    };
                    if store.hold(ticket) {
                        assert_eq!(value(store, ticket), Some(text));
                        store.release(ticket);
                    }
                }
            });
        }
    });
    for shard in &store.shards {
        let shard = shard.lock().unwrap();
        assert!(shard.entries.values().all(|entry| entry.holders == 0));
        assert!(shard.bytes <= 4096);
    }
}
