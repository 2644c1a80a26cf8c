//! Circular dependencies: resources that need each other, or themselves.

use std::collections::{HashMap, VecDeque};

use otel_runtime::{metered, set_attributes, traced};

use super::{Resources, ServiceError};
use crate::model::{Edge, ResourceId};

/// Resources that need each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// A shortest way round: each needs the next, and the last needs the first. It starts at the
    /// lowest number.
    pub path: Vec<ResourceId>,
    /// How many resources are in the knot: all those from which the first can be reached, and
    /// which it reaches. At least as many as on the path.
    pub members: usize,
}

impl Resources {
    /// Every knot of resources that need each other.
    ///
    /// # Errors
    /// If the database fails.
    #[traced(log, fields(cycle.count = _))]
    #[metered]
    pub async fn cycles(&self) -> Result<Vec<Cycle>, ServiceError> {
        let edges = self.storage.edges().await?;
        let cycles = find_cycles(&edges);
        set_attributes!(cycle.count = cycles.len());
        Ok(cycles)
    }
}

/// Every knot among these edges, once, by its lowest number.
#[must_use]
#[traced(fields(dependency.count = edges.len()))]
pub fn find_cycles(edges: &[Edge]) -> Vec<Cycle> {
    let graph = Graph::new(edges);
    let mut cycles: Vec<Cycle> = graph
        .components()
        .into_iter()
        .filter_map(|members| {
            let start = *members.iter().min()?;
            let path = graph.shortest_cycle(start, &members)?;
            Some(Cycle {
                path: path.into_iter().map(|node| graph.ids[node]).collect(),
                members: members.len(),
            })
        })
        .collect();
    cycles.sort_unstable_by_key(|cycle| cycle.path[0]);
    cycles
}

/// The resources as numbers from 0, in the order of their ids.
struct Graph {
    ids: Vec<ResourceId>,
    successors: Vec<Vec<usize>>,
}

impl Graph {
    fn new(edges: &[Edge]) -> Self {
        let mut ids: Vec<ResourceId> = edges
            .iter()
            .flat_map(|edge| [edge.dependent, edge.dependency])
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let node: HashMap<ResourceId, usize> = ids
            .iter()
            .enumerate()
            .map(|(node, id)| (*id, node))
            .collect();
        let mut successors = vec![Vec::new(); ids.len()];
        for edge in edges {
            successors[node[&edge.dependent]].push(node[&edge.dependency]);
        }
        Self { ids, successors }
    }

    /// The strongly connected components (Tarjan), without recursion: a chain of a hundred
    /// thousand dependencies must not overflow the stack.
    fn components(&self) -> Vec<Vec<usize>> {
        const UNSEEN: usize = usize::MAX;
        let count = self.ids.len();
        let (mut order, mut low) = (vec![UNSEEN; count], vec![0; count]);
        let (mut open, mut is_open) = (Vec::new(), vec![false; count]);
        let (mut components, mut next) = (Vec::new(), 0);
        for root in 0..count {
            if order[root] != UNSEEN {
                continue;
            }
            // a node, and how many of its successors have been looked at
            let mut path = vec![(root, 0)];
            while let Some((node, looked_at)) = path.last_mut() {
                let node = *node;
                if *looked_at == 0 {
                    (order[node], low[node]) = (next, next);
                    next += 1;
                    open.push(node);
                    is_open[node] = true;
                }
                match self.successors[node].get(*looked_at) {
                    Some(&successor) => {
                        *looked_at += 1;
                        if order[successor] == UNSEEN {
                            path.push((successor, 0));
                        } else if is_open[successor] {
                            low[node] = low[node].min(order[successor]);
                        }
                    }
                    None => {
                        path.pop();
                        if let Some((parent, _)) = path.last() {
                            low[*parent] = low[*parent].min(low[node]);
                        }
                        if low[node] == order[node] {
                            let start = open.iter().rposition(|it| *it == node).unwrap_or(0);
                            let members = open.split_off(start);
                            members.iter().for_each(|&member| is_open[member] = false);
                            components.push(members);
                        }
                    }
                }
            }
        }
        components
    }

    /// The shortest way from `start` back to itself within its component, if there is one.
    fn shortest_cycle(&self, start: usize, members: &[usize]) -> Option<Vec<usize>> {
        let mut came_from: HashMap<usize, Option<usize>> =
            members.iter().map(|member| (*member, None)).collect();
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for &successor in &self.successors[node] {
                if successor == start {
                    let mut path = vec![node];
                    while let Some(&last) = path.last().filter(|last| **last != start) {
                        path.push(came_from[&last]?);
                    }
                    path.reverse();
                    return Some(path);
                }
                if let Some(slot @ None) = came_from.get_mut(&successor) {
                    *slot = Some(node);
                    queue.push_back(successor);
                }
            }
        }
        None
    }
}
