"""The encoder-decoder of Isthmus in PyTorch, for compare_pytorch: a fixed context vector that is the decoder's first
state, dropout on the inputs of the layers and the last output, Adam, gradients clipped by their norm.

Run by compare_pytorch, one process a measurement: reads a request as JSON from standard input, writes one JSON object.
"""

import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional


class Seq2Seq(nn.Module):
    def __init__(self, config, vocabulary):
        super().__init__()
        recurrent = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[config["cell"]]
        between = config["dropout"] if config["layers"] > 1 else 0.0
        sizes = (config["embedding"], config["hidden"], config["layers"])
        self.source_embedding = nn.Embedding(vocabulary, config["embedding"])
        self.target_embedding = nn.Embedding(vocabulary, config["embedding"])
        self.encoder = recurrent(*sizes, dropout=between)
        self.decoder = recurrent(*sizes, dropout=between)
        self.output = nn.Linear(config["hidden"], vocabulary)
        self.dropout = nn.Dropout(config["dropout"])

    def loss(self, source, source_lengths, inputs, positions, targets):
        """Mean cross-entropy; only the real target positions are projected to the vocabulary."""
        packed = nn.utils.rnn.pack_padded_sequence(
            self.dropout(self.source_embedding(source)), source_lengths, enforce_sorted=False
        )
        _, state = self.encoder(packed)
        hidden, _ = self.decoder(self.dropout(self.target_embedding(inputs)), state)
        hidden = self.dropout(hidden).flatten(0, 1).index_select(0, positions)
        return functional.cross_entropy(self.output(hidden), targets)


def padded(sequences):
    """Time first; what fills up is read but counts nowhere."""
    longest = max(len(sequence) for sequence in sequences)
    return torch.tensor([sequence + [0] * (longest - len(sequence)) for sequence in sequences]).t().contiguous()


def tensors(pairs, begin, end):
    sources = [source + [end] for source, _ in pairs]
    inputs = padded([[begin] + target for _, target in pairs])
    outputs = [target + [end] for _, target in pairs]
    width = len(outputs)
    real = sorted(t * width + b for b, output in enumerate(outputs) for t in range(len(output)))
    return {
        "arguments": (
            padded(sources),
            torch.tensor([len(source) for source in sources]),
            inputs,
            torch.tensor(real),
            padded(outputs).flatten()[torch.tensor(real)],
        ),
        "source_tokens": sum(map(len, sources)),
        "target_tokens": len(real),
    }


def step(model, optimiser, arguments):
    optimiser.zero_grad(set_to_none=True)
    loss = model.loss(*arguments)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return loss.item()


def train(request):
    """Trains for the asked-for seconds after a few steps that do not count."""
    torch.set_num_threads(request["threads"])
    torch.manual_seed(1)
    model = Seq2Seq(request["config"], request["vocabulary"])
    model.train()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    batches = [tensors(batch, request["begin"], request["end"]) for batch in request["batches"]]
    for batch in batches[:3]:
        step(model, optimiser, batch["arguments"])
    started = time.perf_counter()
    source_tokens = target_tokens = steps = 0
    while time.perf_counter() - started < request["seconds"]:
        batch = batches[steps % len(batches)]
        step(model, optimiser, batch["arguments"])
        source_tokens += batch["source_tokens"]
        target_tokens += batch["target_tokens"]
        steps += 1
    seconds = time.perf_counter() - started
    return {
        "target_tokens_per_second": target_tokens / seconds,
        "source_tokens_per_target_token": source_tokens / target_tokens,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "steps": steps,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
    }


if __name__ == "__main__":
    json.dump(train(json.load(sys.stdin)), sys.stdout)
