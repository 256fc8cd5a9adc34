import json


def make(i):
    cents = (i * 37) % 1000
    return {"id": i, "item": f"item {i}", "price": cents / 4, "count": 1 + i % 5}


def run(n):
    orders = [make(i) for i in range(n)]
    back = json.loads(json.dumps(orders))
    total = 0
    for o in back:
        if o["count"] > 1:
            total += o["price"] * o["count"]
    return total
