import FoundationEssentials
import KernelRegression
import SimilarityKernels

@testable import LearnedAttention

/// Reads arbitrary bytes as a model and checks what must hold of any.
///
/// The laws: no byte sequence traps; what is refused is refused with a sentence; a model that is read can
/// be asked, and is the same after it was written and read again. The checksum is passed over, without
/// which no change of a model would reach what lies behind it.
@c(LLVMFuzzerTestOneInput)
public func fuzzModel(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let data = Data(UnsafeBufferPointer(start: start, count: count))
  let model: LearnedModel
  do {
    model = try JSONDecoder().decode(Unverified.self, from: data).model
  } catch let error as ModelError {
    precondition(!error.description.isEmpty)
    return 0
  } catch {
    precondition(error is DecodingError, "\(error)")
    return 0
  }
  guard let bytes = try? JSONEncoder().encode(model),
    let again = try? JSONDecoder().decode(LearnedModel.self, from: bytes)
  else { preconditionFailure("a model cannot be written and read again") }
  precondition(again.similarity == model.similarity)
  precondition(again.keys == model.keys && again.values == model.values)
  precondition(again.observationWeights == model.observationWeights)
  precondition(again.inputNames == model.inputNames && again.levels == model.levels)
  guard let estimates = try? model.predict(at: .points(model.keys)).estimates else { return 0 }
  precondition(estimates.allSatisfy { $0.count == model.keys.count })
  _ = try? model.predict(at: .leaveOneOut)
  return 0
}

/// A model whose checksum need not be that of its content.
private struct Unverified: Decodable {
  let model: LearnedModel

  init(from decoder: any Decoder) throws { model = try LearnedModel(unverifiedFrom: decoder) }
}
