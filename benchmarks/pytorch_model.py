"""The encoder-decoder of Isthmus in PyTorch, for compare_pytorch: a fixed context vector that is the decoder's first
state, dropout on the inputs of the layers and the last output, Adam, gradients clipped by their norm. Translates
greedily or with a batched beam search by the rules of Isthmus, with weights that Isthmus trained.

Run by compare_pytorch, one process a measurement: reads a request as JSON from standard input, writes one JSON object.
"""

import json
import math
import os
import resource
import sys
import time

import numpy
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

    def encode(self, sources, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(self.source_embedding(sources), lengths, enforce_sorted=False)
        return self.encoder(packed)[1]

    def step(self, last, state):
        """Log-probabilities of the next token after each hypothesis, a row each."""
        hidden, state = self.decoder(self.target_embedding(last)[None], state)
        return torch.log_softmax(self.output(hidden[0]), dim=-1), state

    def load(self, folder):
        """The weights that `isthmus inspect --weights` wrote."""
        def tensor(name):
            return torch.from_numpy(numpy.ascontiguousarray(numpy.load(f"{folder}/{name}.npy")))
        with torch.no_grad():
            self.source_embedding.weight.copy_(tensor("encoder.embedding").t())
            self.target_embedding.weight.copy_(tensor("decoder.embedding").t())
            self.output.weight.copy_(tensor("output.weights").t())
            self.output.bias.copy_(tensor("output.bias"))
            for name, network, direction in (("encoder", self.encoder, ".forward"), ("decoder", self.decoder, "")):
                for layer in range(network.num_layers):
                    prefix = f"{name}.{layer}{direction}"
                    getattr(network, f"weight_ih_l{layer}").copy_(tensor(f"{prefix}.input_weights"))
                    getattr(network, f"weight_hh_l{layer}").copy_(tensor(f"{prefix}.recurrent_weights"))
                    getattr(network, f"bias_ih_l{layer}").copy_(tensor(f"{prefix}.bias"))
                    second = getattr(network, f"bias_hh_l{layer}")
                    if os.path.exists(f"{folder}/{prefix}.recurrent_bias.npy"):
                        second.copy_(tensor(f"{prefix}.recurrent_bias"))
                    else:
                        second.zero_()


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


def select(state, columns):
    if isinstance(state, tuple):
        return tuple(part.index_select(1, columns) for part in state)
    return state.index_select(1, columns)


def encoded(model, sources, end):
    return model.encode(padded([source + [end] for source in sources]), torch.tensor([len(s) + 1 for s in sources]))


def longest(source):
    """Pieces that a translation has at most, as Isthmus has it."""
    return 2 * len(source) + 20


def greedy(model, sources, request):
    state = encoded(model, sources, request["end"])
    last = torch.full((len(sources),), request["begin"])
    live = list(range(len(sources)))
    found = [[] for _ in sources]
    while live:
        scores, state = model.step(last, state)
        scores[:, :2] = -math.inf  # unknown and begin
        last = scores.argmax(1)
        tokens = last.tolist()
        keep = []
        for column, (sentence, token) in enumerate(zip(live, tokens)):
            if token == request["end"]:
                continue
            found[sentence].append(token)
            if len(found[sentence]) < longest(sources[sentence]):
                keep.append(column)
        if len(keep) < len(live):
            live = [live[column] for column in keep]
            columns = torch.tensor(keep, dtype=torch.long)
            last, state = last.index_select(0, columns), select(state, columns)
    return found


def beam_search(model, sources, request):
    """All live hypotheses of the batch are one step of the model; sentences that are done leave it."""
    beam, end = request["beam"], request["end"]
    count = len(sources)
    state = select(encoded(model, sources, end), torch.arange(count).repeat_interleave(beam))
    last = torch.full((count * beam,), request["begin"])
    sums = torch.full((count, beam), -math.inf)
    sums[:, 0] = 0.0
    tokens = torch.zeros((count, beam, 0), dtype=torch.long)
    live = list(range(count))
    finished = [[] for _ in sources]
    length = 0
    while live:
        scores, state = model.step(last, state)
        vocabulary = scores.shape[1]
        scores[:, :2] = -math.inf
        scores = (scores.view(len(live), beam, vocabulary) + sums[:, :, None]).view(len(live), -1)
        best, places = scores.topk(2 * beam, dim=1)
        parents, chosen = places // vocabulary, places % vocabulary
        ends = chosen.eq(end)
        # The best continuations, in their order: ends go behind all others.
        order = (ends.long() * 2 * beam + torch.arange(2 * beam)).argsort(1)[:, :beam]
        length += 1
        if bool(ends[:, :beam].any()):
            for row, rank in ends[:, :beam].nonzero().tolist():
                hypothesis = tokens[row, parents[row, rank]].tolist()
                finished[live[row]].append((best[row, rank].item() / length, hypothesis))
        sums, parents, last = best.gather(1, order), parents.gather(1, order), chosen.gather(1, order)
        tokens = torch.cat([tokens.gather(1, parents[:, :, None].expand(-1, -1, length - 1)), last[:, :, None]], 2)
        keep = []
        for row, leading in enumerate(sums[:, 0].tolist()):
            sentence = live[row]
            done, limit = finished[sentence], longest(sources[sentence])
            if length == limit:
                done.append((leading / length, tokens[row, 0].tolist()))
                continue
            overtaken = done and leading / (limit + 1) <= max(score for score, _ in done)
            if len(done) < beam and not overtaken:
                keep.append(row)
        columns = (parents + torch.arange(len(live))[:, None] * beam)
        if len(keep) < len(live):
            rows = torch.tensor(keep, dtype=torch.long)
            live = [live[row] for row in keep]
            columns, sums, last, tokens = columns[rows], sums[rows], last[rows], tokens[rows]
        last = last.reshape(-1)
        state = select(state, columns.reshape(-1))
    return [max(done, key=lambda pair: pair[0])[1] for done in finished]


@torch.no_grad()
def decode(request):
    """Translates the sources, sorted by length, in batches; one batch before that does not count."""
    torch.set_num_threads(request["threads"])
    model = Seq2Seq(request["config"], request["vocabulary"])
    model.load(request["weights"])
    model.eval()
    sources = request["sources"]
    order = sorted((i for i in range(len(sources)) if sources[i]), key=lambda i: -len(sources[i]))
    search = greedy if request["beam"] == 1 else beam_search
    batch = request["batch"]
    search(model, [sources[i] for i in order[:batch]], request)
    found = [[] for _ in sources]
    started = time.perf_counter()
    for begin in range(0, len(order), batch):
        part = order[begin:begin + batch]
        for i, tokens in zip(part, search(model, [sources[i] for i in part], request)):
            found[i] = tokens
    seconds = time.perf_counter() - started
    return {
        "sentences_per_second": len(sources) / seconds,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "translations": found,
    }


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump({"train": train, "decode": decode}[asked.get("task", "train")](asked), sys.stdout)
