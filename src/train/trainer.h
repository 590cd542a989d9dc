// The functions of libdragonet_trainer.so, which is loaded late. Only train.cpp calls them.
#pragma once

#include "train/train.h"

extern "C" void dragonet_train(const dragonet::Network& network, const dragonet::TrainData& data,
                               const dragonet::TrainSettings& settings,
                               const std::function<bool(const dragonet::Epoch&)>& on_epoch,
                               const dragonet::Checkpoints& checkpoints,
                               const std::vector<dragonet::TrainedLayer>& start, dragonet::TrainResult& result);

extern "C" void dragonet_train_rounded(const dragonet::Model& model, const dragonet::Network& network,
                                       const dragonet::TrainData& data, const dragonet::TrainSettings& settings,
                                       const std::function<bool(const dragonet::Epoch&)>& on_epoch,
                                       dragonet::RoundedResult& result);
