//! Circular dependencies and cascades on random graphs, against models that are slow and simple.

use std::collections::BTreeSet;

use proptest::prelude::*;
use resource_api::model::{Description, Edge, Origin, ResourceId, ResourceKey};
use resource_api::service::{Cascade, NewResource, Resources, Update, find_cycles};
use resource_api::storage::Storage;

/// `reach[a][b]`: there is a way of at least one edge from `a` to `b` (Warshall).
fn reach(nodes: usize, edges: &BTreeSet<(usize, usize)>) -> Vec<Vec<bool>> {
    let mut reach = vec![vec![false; nodes]; nodes];
    for &(from, to) in edges {
        reach[from][to] = true;
    }
    for via in 0..nodes {
        for from in 0..nodes {
            for to in 0..nodes {
                reach[from][to] |= reach[from][via] && reach[via][to];
            }
        }
    }
    reach
}

/// Up to ten nodes and any edges between them, loops included.
fn graph() -> impl Strategy<Value = (usize, BTreeSet<(usize, usize)>)> {
    (1_usize..=10).prop_flat_map(|nodes| {
        (
            Just(nodes),
            prop::collection::btree_set((0..nodes, 0..nodes), 0..20),
        )
    })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

async fn store(
    nodes: usize,
    edges: &BTreeSet<(usize, usize)>,
) -> (Resources, Vec<ResourceId>, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&directory.path().join("test.db").into())
        .await
        .unwrap();
    let resources = Resources::new(storage);
    let describe = |node: usize| Description {
        key: ResourceKey {
            name: format!("node-{node}"),
            version: "1".to_owned(),
            source: String::new(),
        },
        checksum: None,
    };
    let mut ids = Vec::new();
    for node in 0..nodes {
        let new = NewResource {
            description: describe(node),
            origin: Origin::User,
            dependencies: Vec::new(),
            dependents: Vec::new(),
            depends_on_itself: false,
        };
        ids.push(resources.create(new).await.unwrap().id);
    }
    for node in 0..nodes {
        let dependencies = edges
            .iter()
            .filter(|edge| edge.0 == node)
            .map(|edge| ids[edge.1])
            .collect();
        let update = Update {
            description: describe(node),
            dependencies,
        };
        resources.update(ids[node], &update).await.unwrap();
    }
    (resources, ids, directory)
}

proptest! {
    /// Every knot once: its members reach each other, and its path is a shortest way round.
    #[test]
    fn every_circle_is_found_once((nodes, edges) in graph()) {
        let reach = reach(nodes, &edges);
        let listed: Vec<Edge> = edges
            .iter()
            .map(|&(from, to)| Edge {
                dependent: ResourceId(from as i64),
                dependency: ResourceId(to as i64),
            })
            .collect();
        let cycles = find_cycles(&listed);
        let mut expected: Vec<(usize, usize)> = Vec::new(); // lowest member, number of members
        for (node, reached) in reach.iter().enumerate() {
            let members: Vec<usize> = (0..nodes)
                .filter(|other| reached[*other] && reach[*other][node])
                .collect();
            if members.first() == Some(&node) {
                expected.push((node, members.len()));
            }
        }
        let found: Vec<(usize, usize)> =
            cycles.iter().map(|cycle| (cycle.path[0].0 as usize, cycle.members)).collect();
        prop_assert_eq!(found, expected);
        for cycle in &cycles {
            let path: Vec<usize> = cycle.path.iter().map(|id| id.0 as usize).collect();
            for (index, from) in path.iter().enumerate() {
                let to = path[(index + 1) % path.len()];
                prop_assert!(edges.contains(&(*from, to)));
            }
            // breadth first, by sets: after how many steps is the start met again?
            let mut frontier = BTreeSet::from([path[0]]);
            let mut steps = 0;
            while steps == 0 || !frontier.contains(&path[0]) {
                frontier = edges
                    .iter()
                    .filter(|edge| frontier.contains(&edge.0))
                    .map(|edge| edge.1)
                    .collect();
                steps += 1;
            }
            prop_assert_eq!(path.len(), steps);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A cascade takes exactly what reaches the deleted resource, and the edges among the rest stay.
    #[test]
    fn a_cascade_takes_what_depends_on_it((nodes, edges) in graph(), victim in any::<prop::sample::Index>()) {
        let victim = victim.index(nodes);
        let reach = reach(nodes, &edges);
        let gone: BTreeSet<usize> =
            (0..nodes).filter(|node| *node == victim || reach[*node][victim]).collect();
        block_on(async {
            let (resources, ids, _directory) = store(nodes, &edges).await;
            let refused = resources.delete(ids[victim], Cascade::Refuse).await;
            prop_assert_eq!(refused.is_ok(), gone.len() == 1);
            if refused.is_err() {
                let (all, kept) = resources.all().await.unwrap();
                prop_assert_eq!((all.len(), kept.len()), (nodes, edges.len()));
                let deleted = resources.delete(ids[victim], Cascade::Everything).await.unwrap();
                let expected: Vec<ResourceId> = gone.iter().map(|node| ids[*node]).collect();
                prop_assert_eq!(deleted.ids, expected);
            }
            let (all, kept) = resources.all().await.unwrap();
            let kept: BTreeSet<(usize, usize)> = kept
                .iter()
                .map(|edge| {
                    let node = |id| ids.iter().position(|it| *it == id).unwrap();
                    (node(edge.dependent), node(edge.dependency))
                })
                .collect();
            let expected: BTreeSet<(usize, usize)> = edges
                .iter()
                .filter(|edge| !gone.contains(&edge.0) && !gone.contains(&edge.1))
                .copied()
                .collect();
            prop_assert_eq!(all.len(), nodes - gone.len());
            prop_assert_eq!(kept, expected);
            Ok(())
        })?;
    }
}

#[test]
fn a_circle_of_a_hundred_thousand_does_not_overflow_the_stack() {
    let count = 100_000;
    let edges: Vec<Edge> = (0..count)
        .map(|node| Edge {
            dependent: ResourceId(node),
            dependency: ResourceId((node + 1) % count),
        })
        .collect();
    let cycles = find_cycles(&edges);
    assert_eq!((cycles.len(), cycles[0].members), (1, count as usize));
    assert_eq!(find_cycles(&edges[1..]), []);
}
