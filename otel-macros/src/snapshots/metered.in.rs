#[metered]
fn plain(a: u32) -> u32 {
    a + 1
}

#[metered(name = "checkout", unit = "ms", description = "Orders.", in_flight, buckets(1, 2.5, 10), slo(success = 99.9, latency("250ms" = 99, "1s" = 99.9)), labels(tier = customer.tier, gift: bool = self.gift, paid))]
fn options(&self, customer: &Customer, paid: bool, other: u8) -> Result<Receipt<'_>, OrderError> {
    work(other)
}

#[traced(fields(id), parent = context)]
#[metered(labels(tier), counter("shop.items", by = items.len(), unit = "{item}"), counter("shop.orders"), up_down("shop.stock", by = |receipt| -receipt.count), histogram("shop.weight", value = weight, unit = "kg", buckets = BOUNDS))]
async fn stacked(id: u64, tier: Tier, items: Vec<u8>, weight: f64) -> Result<Receipt, OrderError> {
    place(items).await
}

#[metered(labels(tier, tenant = open(order.tenant, max = 100), shard = open(shard, max = SHARDS)), counter("shop.items"))]
fn open(tier: Tier, order: &Order, shard: u8) {}
